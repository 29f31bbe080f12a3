import { z } from 'zod'
import { candidateSchema, comparedSchema, winnerSchema } from '../../runs/comparison.ts'
import { leadsSchema } from '../../runs/leads.ts'
import { scoreAgreement } from '../../runs/score-agreement.ts'
import { topformerGenotypeSchema } from '../../spaces/topformer/genotype.ts'
import { unit } from '../../tasks/result.ts'
import { trainedNetworkSchema } from './specs.ts'

const network = {
  /** `searched`: what a search has found. The others are baselines, trained just like it. */
  role: z.enum(['searched', 'topformer', 'random']),
  /** Place of the limit that it was found under, or is compared under, among those of the search. */
  limit: z.int().nonnegative(),
  network: trainedNetworkSchema,
  inherited: unit.nullable().describe('score with weights of the supernet; null for a network that has none'),
  pretrained: unit
    .optional()
    .describe('share of its parameters that start as slices of a pretrained supernet, where there is one'),
}

const limited = z.string().optional().describe('why baselines were left out')

const networkCandidateSchema = candidateSchema({ ...network, multiplyAdds: z.int().positive() })
export type NetworkCandidate = z.infer<typeof networkCandidateSchema>

export const candidatesSchema = z
  .strictObject({ contenders: z.array(networkCandidateSchema).min(1).readonly(), limited })
  .readonly()
export type Candidates = z.infer<typeof candidatesSchema>

const comparedNetworkSchema = comparedSchema({ ...network, multiplyAdds: z.int().positive() })
export type ComparedNetwork = z.infer<typeof comparedNetworkSchema>

export const winningNetworkSchema = winnerSchema({
  genotype: topformerGenotypeSchema,
  limit: z.int().nonnegative(),
  inherited: unit.nullable(),
})
export type WinningNetwork = z.infer<typeof winningNetworkSchema>

/** What was found beside the baselines. */
export const comparisonSchema = z
  .strictObject({
    contenders: z.array(comparedNetworkSchema).readonly().describe('in the order in which they were chosen'),
    limited,
    ...scoreAgreement,
    winner: winningNetworkSchema.describe('the searched network with the highest score'),
    leads: leadsSchema.optional().describe('over baselines of its limit'),
  })
  .readonly()
export type Comparison = z.infer<typeof comparisonSchema>
