import type { FunctionDefinition } from '../pipeline.ts'

export const functions = {
  Prepare: { reads: ['runs/*', 'backbones/*', 'features/*'], writes: [] },
  Propose: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], deletes: ['trials/*'] },
  Aggregate: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], publishes: true },
  PickTop: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], deletes: ['trials/*'] },
  Correlate: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'] },
  Decode: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'] },
  CheckDue: { reads: ['runs/*'], writes: [] },
} as const satisfies Readonly<Record<string, FunctionDefinition>>
