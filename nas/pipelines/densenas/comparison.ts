import { z } from 'zod'
import { candidateSchema, comparedSchema, winnerSchema } from '../../runs/comparison.ts'
import { leadsSchema } from '../../runs/leads.ts'
import { denseNasGenotypeSchema } from '../../spaces/densenas/genotype.ts'
import { unit } from '../../tasks/result.ts'
import { classifierNetworkSchema } from './specs.ts'

const network = {
  /** `derived`: what the search has found. The others are baselines, trained just like it. */
  role: z.enum(['derived', 'random', 'mobilenet-v2']),
  network: classifierNetworkSchema,
  multiplyAdds: z.int().positive(),
  latency: z
    .number()
    .nonnegative()
    .optional()
    .describe('milliseconds, by the table that the search had: of a network of its operations'),
}

const limited = z.string().optional().describe('why baselines were left out')

const networkCandidateSchema = candidateSchema(network)
export type NetworkCandidate = z.infer<typeof networkCandidateSchema>

/** What is trained, the network that was found first. */
export const candidatesSchema = z
  .strictObject({ contenders: z.array(networkCandidateSchema).min(1).readonly(), limited })
  .readonly()
export type Candidates = z.infer<typeof candidatesSchema>

const comparedNetworkSchema = comparedSchema({
  ...network,
  top5: unit.nullable().describe('mean over the seeds, as the score, which is top-1'),
})
export type ComparedNetwork = z.infer<typeof comparedNetworkSchema>

export const winningNetworkSchema = winnerSchema({ genotype: denseNasGenotypeSchema, top5: unit })
export type WinningNetwork = z.infer<typeof winningNetworkSchema>

/** What was found beside the baselines. */
export const comparisonSchema = z
  .strictObject({
    contenders: z.array(comparedNetworkSchema).readonly().describe('in the order in which they were chosen'),
    limited,
    winner: winningNetworkSchema,
    leads: leadsSchema.optional(),
  })
  .readonly()
export type Comparison = z.infer<typeof comparisonSchema>
