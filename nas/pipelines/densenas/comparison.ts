import { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { outcomesSchema, seedsSchema } from '../../runs/seeds.ts'
import { denseNasGenotypeSchema } from '../../spaces/densenas/genotype.ts'
import { classifierNetworkSchema } from './specs.ts'

const unit = z.number().min(0).max(1)
const count = z.int().positive()

const contender = {
  /** `derived`: what the search has found. The others are baselines, trained just like it. */
  role: z.enum(['derived', 'random', 'mobilenet-v2']),
  network: classifierNetworkSchema,
  multiplyAdds: count,
}

const rivalSchema = z
  .strictObject({
    ...contender,
    trials: seedsSchema,
  })
  .readonly()
export type Rival = z.infer<typeof rivalSchema>

/** Who is trained, the network that was found first, and the trial for each seed. */
export const rivalsSchema = z
  .strictObject({
    contenders: z.array(rivalSchema).min(1).readonly(),
    limited: z.string().optional().describe('why baselines were left out'),
  })
  .readonly()
export type Rivals = z.infer<typeof rivalsSchema>

const comparedSchema = z
  .strictObject({
    ...contender,
    /** Top-1 and top-5: means over the seeds; null where the training of any seed failed. */
    score: unit.nullable(),
    top5: unit.nullable(),
    parameters: count.nullable(),
    trials: outcomesSchema,
  })
  .readonly()
export type Compared = z.infer<typeof comparedSchema>

export const winnerSchema = z
  .strictObject({
    /** Of its trials, the one with the best score. */
    trial: hashSchema,
    genotype: denseNasGenotypeSchema,
    score: unit.describe('top-1, mean over the seeds'),
    top5: unit,
    parameters: count,
    multiplyAdds: count,
  })
  .readonly()
export type Winner = z.infer<typeof winnerSchema>

/** What was found beside the baselines. */
export const comparisonSchema = z
  .strictObject({
    contenders: z.array(comparedSchema).readonly().describe('in the order in which they were chosen'),
    limited: z.string().optional().describe('why baselines were left out'),
    winner: winnerSchema,
  })
  .readonly()
export type Comparison = z.infer<typeof comparisonSchema>
