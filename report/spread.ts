import { sampleStandardDeviation } from 'simple-statistics'
import { points } from './format.ts'

/** '± 0.40' over seeds (sample standard deviation); nothing for one. */
export const spreadOf = (seeds: readonly number[]): string =>
  seeds.length > 1 ? `± ${points(sampleStandardDeviation([...seeds]))}` : ''

/** '73.12 ± 0.40' over seeds, '73.12' for one. */
export const withSpread = ({
  score,
  seeds,
}: {
  readonly score: number | null
  readonly seeds: readonly number[]
}): string => `${points(score)} ${spreadOf(seeds)}`.trimEnd()
