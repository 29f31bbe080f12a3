import { z } from 'zod'
import { dpcGenotypeSchema } from '../spaces/dpc/genotype.ts'
import { hashSchema } from './contract.ts'

const unit = z.number().min(0).max(1)

const contender = {
  /** `searched`: among the best by proxy score. The others are baselines, trained just like those. */
  role: z.enum(['searched', 'aspp', 'random']),
  genotype: dpcGenotypeSchema,
  /** How it did on the proxy task, rank from 1; null for a baseline. */
  proxy: z.strictObject({ trial: hashSchema, score: unit, rank: z.int().positive() }).readonly().nullable(),
}

/** Who is trained in full, and the trial for each seed. */
export const contendersSchema = z
  .array(
    z
      .strictObject({
        ...contender,
        trials: z
          .array(z.strictObject({ seed: z.int(), trial: hashSchema }).readonly())
          .min(1)
          .readonly(),
      })
      .readonly(),
  )
  .readonly()
export type Contender = z.infer<typeof contendersSchema>[number]

const trainedSchema = z
  .strictObject({
    ...contender,
    /** Mean over the seeds; null where the training of any seed failed. */
    score: unit.nullable(),
    parameters: z.int().positive().nullable(),
    multiplyAdds: z.int().positive().nullable(),
    trials: z
      .array(
        z
          .strictObject({
            seed: z.int(),
            trial: hashSchema,
            score: unit.nullable(),
            reason: z.string().optional().describe('why there is no score'),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly()
export type Trained = z.infer<typeof trainedSchema>

const correlationSchema = z
  .strictObject({ value: z.number(), low: z.number(), high: z.number() })
  .readonly()
  .nullable()

/** Full scores beside proxy scores. Correlations are over the searched cells, with bootstrap intervals of 95 %. */
export const rerankSchema = z
  .strictObject({
    contenders: z.array(trainedSchema).readonly().describe('in the order in which they were picked'),
    pairs: z.int().nonnegative().describe('cells with both scores'),
    spearman: correlationSchema,
    kendall: correlationSchema,
    winner: hashSchema.describe('the best trial of the searched cell with the highest mean'),
  })
  .readonly()
export type Rerank = z.infer<typeof rerankSchema>

/** The cell that a trial belongs to. */
export const contenderOf = ({ contenders }: Rerank, trial: string): Trained | undefined =>
  contenders.find(({ trials }) => trials.some((each) => each.trial === trial))
