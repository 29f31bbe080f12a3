import { quantile } from 'simple-statistics'
import { random } from '../random.ts'

/** What each image adds to the sums from which a score follows, such as mIoU or top-1. */
export interface ImageCounts {
  /** A row an image, all of one length. */
  readonly rows: readonly Float64Array[]
  scoreOf(sums: Float64Array): number
}

export const RESAMPLES = 1000

/** Of a stored score: a ten-thousandth of a point. */
const DECIMALS = 1e6

export const scoreOfAll = ({ rows, scoreOf }: ImageCounts): number => scoreOf(sumOf(rows))

/**
 * Scores of resamples of the images, with replacement (Efron and Tibshirani 1993, chapter 6). Two networks over the same
 * images are scored on the same resamples, so that differences of their scores are paired.
 */
export function resampledScores({ rows, scoreOf }: ImageCounts): number[] {
  const rng = random(0, 'resampled images', rows.length)
  return Array.from({ length: RESAMPLES }, () => {
    const drawn = rows.map(() => rows[rng.integer(rows.length)]!)
    return Math.round(scoreOf(sumOf(drawn)) * DECIMALS) / DECIMALS
  })
}

function sumOf(rows: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(rows[0]!.length)
  for (const row of rows) for (let i = 0; i < row.length; i++) sums[i]! += row[i]!
  return sums
}

/** The percentile interval of 95 % (Efron and Tibshirani 1993, section 13.3). */
export const percentileInterval = (
  resamples: readonly number[],
): { readonly low: number; readonly high: number } => ({
  low: quantile([...resamples], 0.025),
  high: quantile([...resamples], 0.975),
})
