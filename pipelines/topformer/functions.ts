import type { FunctionDefinition } from '../pipeline.ts'
import { attempts } from '../shared.ts'

export const functions = {
  Prepare: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], deletes: attempts },
  Propose: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], deletes: attempts },
  Aggregate: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'], publishes: true },
  Derive: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], deletes: attempts },
  Compare: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'] },
  Decode: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'] },
} as const satisfies Readonly<Record<string, FunctionDefinition>>
