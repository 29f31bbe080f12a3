import { z } from 'zod'
import { bootstrapInterval, kendall, type RankCorrelation, spearman } from '../metrics/rank-correlation.ts'
import { random } from '../random.ts'

/** Over fewer pairs a rank correlation is not told: its interval would be narrow by the lack of other orders, not by evidence. */
export const FEWEST_PAIRS = 8

const correlationSchema = z
  .strictObject({ value: z.number(), low: z.number(), high: z.number() })
  .readonly()
  .nullable()
export type Correlation = z.infer<typeof correlationSchema>

/** How well a score that is cheap to get predicts that of full training; intervals are bootstrap ones of 95 %. */
export const scoreAgreement = {
  pairs: z.int().nonnegative().describe('candidates with both scores'),
  spearman: correlationSchema.describe(`null below ${FEWEST_PAIRS} pairs`),
  kendall: correlationSchema,
}
export interface ScoreAgreement {
  readonly pairs: number
  readonly spearman: Correlation
  readonly kendall: Correlation
}

/** @param pairs of a cheap score and that of full training, by candidate @param seed of the resamples */
export function agreementOf(pairs: readonly (readonly [number, number])[], seed: number): ScoreAgreement {
  const [cheap, full] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
  const correlation = (name: string, statistic: RankCorrelation): Correlation => {
    if (pairs.length < FEWEST_PAIRS) return null
    const value = statistic(cheap, full)
    const interval = bootstrapInterval(statistic, cheap, full, random(seed, 'bootstrap', name))
    return value === undefined || interval === undefined ? null : { value, ...interval }
  }
  return {
    pairs: pairs.length,
    spearman: correlation('spearman', spearman),
    kendall: correlation('kendall', kendall),
  }
}
