import type { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import type { RunRecord } from '../../runs/record.ts'
import type { AutoFpnConfig } from './config.ts'

/** What the start of a run finds out beside its dataset. */
export const facts = {
  backboneWeights: hashSchema.optional().describe('hash of the file that config.backbone.weights names'),
}

export type AutoFpnFacts = { readonly [K in keyof typeof facts]?: z.infer<(typeof facts)[K]> }
export type AutoFpnRun = RunRecord<AutoFpnConfig, AutoFpnFacts>
