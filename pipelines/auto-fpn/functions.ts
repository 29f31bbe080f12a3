import type { FunctionDefinition } from '../pipeline.ts'
import { attempts } from '../shared.ts'

const plans = { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], deletes: attempts } as const

export const functions = {
  Prepare: { ...plans, reads: [...plans.reads, 'backbones/*', 'features/*'] },
  DeriveNeck: plans,
  Propose: plans,
  Aggregate: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'] },
  DeriveHead: plans,
  Compare: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'], publishes: true },
  Decode: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'] },
} as const satisfies Readonly<Record<string, FunctionDefinition>>
