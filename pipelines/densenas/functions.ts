import type { FunctionDefinition } from '../pipeline.ts'
import { attempts } from '../shared.ts'

export const functions = {
  Prepare: {
    reads: ['runs/*', 'trials/*', 'latencies/*'],
    writes: ['runs/*', 'trials/*'],
    deletes: attempts,
  },
  Derive: {
    reads: ['runs/*', 'trials/*', 'latencies/*'],
    writes: ['runs/*', 'trials/*'],
    deletes: attempts,
  },
  Compare: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'], publishes: true },
  Decode: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'] },
} as const satisfies Readonly<Record<string, FunctionDefinition>>
