import { quantile, sampleRankCorrelation } from 'simple-statistics'
import type { Random } from '../random.ts'

/**
 * The agreement of two rankings, from -1 to 1; x[i] and y[i] are scores of one trial. Undefined where there is no ranking: fewer
 * than two pairs, a constant, or a NaN.
 */
export type RankCorrelation = (x: readonly number[], y: readonly number[]) => number | undefined

const hasOrder = (x: readonly number[]) => !x.some(Number.isNaN) && x.some((value) => value !== x[0])

/** Rounding can exceed 1. */
const withinOne = (correlation: number) => Math.max(-1, Math.min(1, correlation))

/** Spearman's rho: Pearson's correlation of the ranks, tied values sharing their average rank. */
export const spearman: RankCorrelation = (x, y) =>
  hasOrder(x) && hasOrder(y) ? withinOne(sampleRankCorrelation([...x], [...y])) : undefined

/** Kendall's tau-b: (concordant - discordant) / sqrt(pairs untied in x * pairs untied in y). */
export const kendall: RankCorrelation = (x, y) => {
  if (!hasOrder(x) || !hasOrder(y)) return undefined
  let agreement = 0
  let untiedX = 0
  let untiedY = 0
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const signX = Math.sign(x[i]! - x[j]!)
      const signY = Math.sign(y[i]! - y[j]!)
      agreement += signX * signY
      untiedX += signX * signX
      untiedY += signY * signY
    }
  }
  return withinOne(agreement / Math.sqrt(untiedX * untiedY))
}

interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Bootstrap percentile interval (Efron and Tibshirani 1993, section 13.3): resamples pairs with replacement. Resamples
 * in which the statistic is undefined are left out; undefined where it is undefined for the sample itself.
 */
export function bootstrapInterval(
  statistic: RankCorrelation,
  x: readonly number[],
  y: readonly number[],
  rng: Random,
  { resamples = 1000, level = 0.95 }: { readonly resamples?: number; readonly level?: number } = {},
): Interval | undefined {
  const values = Array.from({ length: resamples }, () => {
    const chosen = x.map(() => rng.integer(x.length))
    return statistic(
      chosen.map((i) => x[i]!),
      chosen.map((i) => y[i]!),
    )
  }).filter((value) => value !== undefined)
  if (statistic(x, y) === undefined || values.length === 0) return undefined
  const tail = (1 - level) / 2
  return { low: quantile(values, tail), high: quantile(values, 1 - tail) }
}
