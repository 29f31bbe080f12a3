import type { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import type { RunRecord } from '../../runs/record.ts'
import type { DpcConfig } from './config.ts'

/** What the start of a run finds out beside its dataset. */
export const facts = {
  backboneWeights: hashSchema.optional().describe('hash of the file that config.backbone.weights names'),
}

export type DpcFacts = { readonly [K in keyof typeof facts]?: z.infer<(typeof facts)[K]> }
export type DpcRun = RunRecord<DpcConfig, DpcFacts>
