import type { FunctionDefinition } from '../pipeline.ts'
import { attempts } from '../shared.ts'

export const functions = {
  Prepare: {
    reads: ['runs/*', 'trials/*', 'latencies/*'],
    writes: ['runs/*', 'trials/*'],
    deletes: attempts,
  },
  PrepareSupernets: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], deletes: attempts },
  Propose: {
    reads: ['runs/*', 'trials/*', 'latencies/*'],
    writes: ['runs/*', 'trials/*'],
    deletes: attempts,
  },
  Aggregate: { reads: ['runs/*', 'trials/*', 'latencies/*'], writes: ['runs/*'], publishes: true },
  Derive: { reads: ['runs/*', 'trials/*', 'latencies/*'], writes: ['runs/*', 'trials/*'], deletes: attempts },
  Compare: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'] },
  Decode: { reads: ['runs/*', 'trials/*', 'latencies/*'], writes: ['runs/*'] },
} as const satisfies Readonly<Record<string, FunctionDefinition>>
