import { mean } from 'simple-statistics'
import { z } from 'zod'
import {
  type ImageScores,
  percentileInterval,
  RESAMPLES,
  resampledScores,
  scoreOfAll,
} from '../metrics/bootstrap.ts'
import { unit } from './unit.ts'

/* Scores over images that took no part in a search, with 95 % intervals over resamples of the images. */

/** The percentile bootstrap over fewer images covers the true score less often than its 95 %. */
export const FEWEST_IMAGES = 20

const figures = {
  score: unit,
  low: unit.describe('lower end of the 95 % interval over resamples of the images'),
  high: unit.describe('its upper end'),
  images: z.int().positive(),
}

/** Of a network trained once. */
export const testScoreSchema = z
  .strictObject({
    ...figures,
    resamples: z
      .array(unit)
      .length(RESAMPLES)
      .readonly()
      .describe('its scores on resamples of the images, which are the same for every network'),
  })
  .readonly()
export type TestScore = z.infer<typeof testScoreSchema>

/** The same as it is told elsewhere. */
export const testFiguresSchema = z.strictObject(figures).readonly()
export type TestFigures = z.infer<typeof testFiguresSchema>

export const testFigures = ({ score, low, high, images }: TestScore): TestFigures => ({
  score,
  low,
  high,
  images,
})

const withInterval = (score: number, images: number, resamples: readonly number[]): TestScore => ({
  score,
  ...percentileInterval(resamples),
  images,
  resamples,
})

export const testScoreOf = (scores: ImageScores): TestScore =>
  withInterval(scoreOfAll(scores), scores.images, resampledScores(scores))

/** The mean of networks over the same images, of the same resample each. Undefined where one has no score, or there is none. */
export function meanTestScore(tests: readonly (TestScore | undefined)[]): TestScore | undefined {
  const scored = tests.filter((test) => test !== undefined)
  const [first] = scored
  if (first === undefined || scored.length < tests.length) return undefined
  return withInterval(
    mean(scored.map(({ score }) => score)),
    first.images,
    first.resamples.map((_, i) => mean(scored.map(({ resamples }) => resamples[i]!))),
  )
}

/** A difference of scores over the same images; where its 95 % interval includes 0, it is within noise. */
export const differenceSchema = z
  .strictObject({ value: z.number(), low: z.number(), high: z.number() })
  .readonly()
export type Difference = z.infer<typeof differenceSchema>

/** Of paired resamples. */
export const differenceOf = (a: TestScore, b: TestScore): Difference => ({
  value: a.score - b.score,
  ...percentileInterval(a.resamples.map((score, i) => score - b.resamples[i]!)),
})

export const isWithinNoise = ({ low, high }: Difference): boolean => low <= 0 && high >= 0
