import { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { datasetFactsSchema } from '../../runs/dataset.ts'
import { outcomesSchema, seedsSchema } from '../../runs/seeds.ts'
import { dpcGenotypeSchema } from '../../spaces/dpc/genotype.ts'

const unit = z.number().min(0).max(1)

/** How a cell did on the proxy task. */
const proxyPlaceSchema = z
  .strictObject({ trial: hashSchema, score: unit, rank: z.int().positive().describe('from 1') })
  .readonly()

const contender = {
  /** `searched`: among the best by proxy score. The others are baselines, trained just like those. */
  role: z.enum(['searched', 'aspp', 'random']),
  genotype: dpcGenotypeSchema,
  proxy: proxyPlaceSchema.nullable().describe('null for a baseline'),
}

/** Who is trained in full, and the trial for each seed. */
const contendersSchema = z
  .array(
    z
      .strictObject({
        ...contender,
        trials: seedsSchema,
      })
      .readonly(),
  )
  .readonly()
export type Contender = z.infer<typeof contendersSchema>[number]

/** What is compared in an edition of a run's ranking. Its content hash names the edition. */
export const choiceSchema = z
  .strictObject({
    dataset: datasetFactsSchema.describe('that they are trained on'),
    contenders: contendersSchema,
  })
  .readonly()
export type Choice = z.infer<typeof choiceSchema>

const trainedSchema = z
  .strictObject({
    ...contender,
    /** Mean over the seeds; null where the training of any seed failed. */
    score: unit.nullable(),
    parameters: z.int().positive().nullable(),
    multiplyAdds: z.int().positive().nullable(),
    trials: outcomesSchema,
  })
  .readonly()
export type Trained = z.infer<typeof trainedSchema>

const correlationSchema = z
  .strictObject({ value: z.number(), low: z.number(), high: z.number() })
  .readonly()
  .nullable()

export const winnerSchema = z
  .strictObject({
    /** Of its trials, the one with the best score. */
    trial: hashSchema,
    genotype: dpcGenotypeSchema,
    proxy: proxyPlaceSchema,
    score: unit.describe('mean over the seeds'),
    parameters: z.int().positive(),
    multiplyAdds: z.int().positive(),
  })
  .readonly()
export type Winner = z.infer<typeof winnerSchema>

/** Full scores beside proxy scores. Correlations are over the searched cells, with bootstrap intervals of 95 %. */
export const rerankSchema = z
  .strictObject({
    edition: hashSchema,
    dataset: datasetFactsSchema.describe('that they were trained on'),
    contenders: z.array(trainedSchema).readonly().describe('in the order in which they were picked'),
    pairs: z.int().nonnegative().describe('cells with both scores'),
    spearman: correlationSchema,
    kendall: correlationSchema,
    winner: winnerSchema.describe('the searched cell with the highest score'),
  })
  .readonly()
export type Rerank = z.infer<typeof rerankSchema>
