import type { Pipeline } from '../pipeline.ts'
import { edition } from './edition.ts'
import { functions } from './functions.ts'
import { jobs } from './jobs.ts'
import { rerank } from './rerank.ts'
import { search } from './search.ts'

export const dpc = {
  name: 'dpc',
  functions,
  jobs,
  machines: { Search: search, Rerank: rerank, Edition: edition },
} as const satisfies Pipeline
