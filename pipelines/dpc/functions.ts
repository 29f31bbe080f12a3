import type { FunctionDefinition } from '../pipeline.ts'
import { attempts } from '../shared.ts'

export const functions = {
  Prepare: { reads: ['runs/*', 'backbones/*', 'features/*'], writes: [] },
  Propose: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], deletes: attempts },
  Aggregate: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'], publishes: true },
  PickTop: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], deletes: attempts },
  Correlate: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'] },
  Decode: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'] },
  CheckDue: { reads: ['runs/*'], writes: [] },
} as const satisfies Readonly<Record<string, FunctionDefinition>>
