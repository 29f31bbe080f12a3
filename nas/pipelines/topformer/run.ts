import type { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { datasetFactsSchema } from '../../runs/dataset.ts'
import type { RunRecord } from '../../runs/record.ts'
import type { TopformerConfig } from './config.ts'

/** What the start of a run finds out beside its dataset. */
export const facts = {
  pretraining: datasetFactsSchema.optional().describe('of config.pretrain.dataset'),
  pretrainedWeights: hashSchema.optional().describe('of what config.pretrain.weights names'),
  supernetWeights: hashSchema.optional().describe('of what config.supernet.weights names'),
}

export type TopformerFacts = { readonly [K in keyof typeof facts]?: z.infer<(typeof facts)[K]> }
export type TopformerRun = RunRecord<TopformerConfig, TopformerFacts>
