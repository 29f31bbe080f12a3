import type { Pipeline } from '../pipeline.ts'
import { functions } from './functions.ts'
import { jobs } from './jobs.ts'
import { search } from './search.ts'

export const topformer = {
  name: 'topformer',
  functions,
  jobs,
  machines: { Search: search },
} as const satisfies Pipeline
