import { z } from 'zod'
import { candidateSchema, comparedSchema, winnerSchema } from '../../runs/comparison.ts'
import { leadsSchema } from '../../runs/leads.ts'
import { autoFpnGenotypeSchema } from '../../spaces/auto-fpn/genotype.ts'
import { unit } from '../../tasks/result.ts'

const detector = {
  /** `found`: what the search has found. The others are baselines, trained just like it. */
  role: z.enum(['found', 'fpn', 'random', 'snas', 'evolution']),
  genotype: autoFpnGenotypeSchema.nullable().describe("null for FPN's neck and head"),
  neck: z.int().nonnegative().describe('parameters of the neck'),
  head: z.int().nonnegative().describe('parameters of the head'),
  multiplyAdds: z.int().positive().describe('of one image, with all its regions'),
}

const limited = z.string().optional().describe('why baselines were left out')

const detectorCandidateSchema = candidateSchema(detector)
export type DetectorCandidate = z.infer<typeof detectorCandidateSchema>

/** What is trained, the detector that was found first. */
export const candidatesSchema = z
  .strictObject({ contenders: z.array(detectorCandidateSchema).min(1).readonly(), limited })
  .readonly()
export type Candidates = z.infer<typeof candidatesSchema>

const comparedDetectorSchema = comparedSchema({
  ...detector,
  ap50: unit.nullable().describe('mean over the seeds, as the score, which is AP'),
})
export type ComparedDetector = z.infer<typeof comparedDetectorSchema>

export const winningDetectorSchema = winnerSchema({
  genotype: autoFpnGenotypeSchema,
  ap50: unit,
  neck: z.int().nonnegative(),
  head: z.int().nonnegative(),
})
export type WinningDetector = z.infer<typeof winningDetectorSchema>

/** What was found beside the baselines. */
export const comparisonSchema = z
  .strictObject({
    contenders: z.array(comparedDetectorSchema).readonly().describe('in the order in which they were chosen'),
    limited,
    winner: winningDetectorSchema,
    leads: leadsSchema.optional(),
  })
  .readonly()
export type Comparison = z.infer<typeof comparisonSchema>
