import type { FunctionDefinition } from '../pipeline.ts'

export const functions = {
  Prepare: {
    reads: ['runs/*', 'trials/*', 'latencies/*'],
    writes: ['runs/*', 'trials/*'],
    deletes: ['trials/*'],
  },
  Derive: {
    reads: ['runs/*', 'trials/*', 'latencies/*'],
    writes: ['runs/*', 'trials/*'],
    deletes: ['trials/*'],
  },
  Compare: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], publishes: true },
  Decode: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'] },
} as const satisfies Readonly<Record<string, FunctionDefinition>>
