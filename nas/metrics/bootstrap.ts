import { quantile } from 'simple-statistics'
import { random } from '../random.ts'

/** The score of a network over images, or over some of them. */
export interface ImageScores {
  /** How many there are. */
  readonly images: number
  /** @param drawn numbers of images from 0, of which some may be there several times */
  scoreOf(drawn: readonly number[]): number
}

/** A score that follows from sums over images, such as mIoU or top-1. @param rows what each image adds, all of one length */
export const ofSums = (
  rows: readonly Float64Array[],
  scoreOf: (sums: Float64Array) => number,
): ImageScores => ({
  images: rows.length,
  scoreOf: (drawn) => scoreOf(sumOf(drawn.map((image) => rows[image]!))),
})

export const RESAMPLES = 1000

/** Of a stored score: a ten-thousandth of a point. */
const DECIMALS = 1e6

export const scoreOfAll = ({ images, scoreOf }: ImageScores): number => scoreOf([...Array(images).keys()])

/**
 * Scores of resamples of the images, with replacement (Efron and Tibshirani 1993, chapter 6). Two networks over the same
 * images are scored on the same resamples, so that differences of their scores are paired.
 */
export function resampledScores({ images, scoreOf }: ImageScores): number[] {
  const rng = random(0, 'resampled images', images)
  return Array.from({ length: RESAMPLES }, () => {
    const drawn = Array.from({ length: images }, () => rng.integer(images))
    return Math.round(scoreOf(drawn) * DECIMALS) / DECIMALS
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
