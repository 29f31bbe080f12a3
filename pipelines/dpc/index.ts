import type { Pipeline } from '../pipeline.ts'
import { functions } from './functions.ts'
import { jobs } from './jobs.ts'
import { rerank } from './rerank.ts'
import { revision } from './revision.ts'
import { search } from './search.ts'

export const dpc = {
  name: 'dpc',
  functions,
  jobs,
  machines: { Search: search, Rerank: rerank, Revision: revision },
} as const satisfies Pipeline
