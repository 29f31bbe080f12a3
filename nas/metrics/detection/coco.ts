import { mean } from 'simple-statistics'
import { AREA_NAMES, type Area, OUTCOME, THRESHOLDS } from './match.ts'
import type { ClassPool, Pool } from './pool.ts'

/* Average precision and recall over pooled detections, as COCO has them: pycocotools' cocoeval.py, to the digit. */

/** Recalls at which precision is read: 0.00, 0.01 to 1.00. */
export const RECALLS: readonly number[] = Array.from({ length: 101 }, (_, i) => i * 0.01)

/** Detections in an image, of a class, with which recall is told. */
const LIMITS = [1, 10, 100] as const

/** Of one class, at truths of one area. */
export interface AreaScores {
  /** For each threshold, at each of `RECALLS` the greatest precision of that recall or a higher one. */
  readonly precision: readonly Float64Array[]
  /** For 1, 10 and 100 detections an image, at each threshold. */
  readonly recall: readonly Float64Array[]
}

export interface ClassScores {
  readonly label: number
  /** Undefined where there is nothing to be found. */
  readonly areas: Readonly<Record<Area, AreaScores | undefined>>
}

/**
 * Scores of each class that a truth or a detection has.
 * @param times how often each image counts: a resample of the images. Copies of a detection follow each other
 */
export function accumulate({ images, classes }: Pool, times = once(images)): readonly ClassScores[] {
  return classes.map((one) => ({
    label: one.label,
    areas: Object.fromEntries(AREA_NAMES.map((name, area) => [name, areaScores(one, area, times)])) as Record<
      Area,
      AreaScores | undefined
    >,
  }))
}

const once = (images: number): ArrayLike<number> => new Uint8Array(images).fill(1)

function areaScores(one: ClassPool, area: number, times: ArrayLike<number>): AreaScores | undefined {
  const truths = one.truths.reduce((sum, { image, counts }) => sum + counts[area]! * times[image]!, 0)
  if (truths === 0) return undefined
  const recall = LIMITS.map(() => new Float64Array(THRESHOLDS.length))
  const precision = THRESHOLDS.map((_, threshold) => {
    const { precisions, found } = countFound(one, area * THRESHOLDS.length + threshold, truths, times)
    for (const [limit, number] of found.entries()) recall[limit]![threshold] = number / truths
    return precisionAtRecalls(precisions, truths)
  })
  return { precision, recall }
}

/** numpy.spacing(1), which keeps a precision of nothing from being 0/0, and one of a single detection just below 1. */
const EPSILON = Number.EPSILON

/** Precision at each truth that is found, and how many are by the first 1, 10 and 100 detections of an image. */
function countFound(
  { image, rank, outcomes }: ClassPool,
  outcome: number,
  truths: number,
  times: ArrayLike<number>,
): { readonly precisions: Float64Array; readonly found: readonly number[] } {
  const precisions = new Float64Array(truths)
  const found = LIMITS.map(() => 0)
  const start = outcome * image.length
  let right = 0
  let wrong = 0
  for (let i = 0; i < image.length; i++) {
    const copies = times[image[i]!]!
    const kind = outcomes[start + i]
    if (kind === OUTCOME.wrong) wrong += copies
    if (kind !== OUTCOME.right) continue
    for (let limit = 0; limit < LIMITS.length; limit++) if (rank[i]! < LIMITS[limit]!) found[limit]! += copies
    for (const last = right + copies; right < last; right++)
      precisions[right] = (right + 1) / (right + 1 + wrong + EPSILON)
  }
  return { precisions: precisions.subarray(0, right), found }
}

/** Precision only falls between truths that are found, so that those are where its envelope is made. */
function precisionAtRecalls(precisions: Float64Array, truths: number): Float64Array {
  for (let i = precisions.length - 1; i > 0; i--)
    precisions[i - 1] = Math.max(precisions[i - 1]!, precisions[i]!)
  const read = new Float64Array(RECALLS.length)
  for (let i = 0, at = 0; i < read.length; i++) {
    while (at < precisions.length && (at + 1) / truths < RECALLS[i]!) at++
    if (at === precisions.length) break
    read[i] = precisions[at]!
  }
  return read
}

export const averagePrecision = (scores: AreaScores): number => mean(scores.precision.map(meanOf))

/** COCO's AP alone, in a quarter of the time of all twelve; undefined where there is nothing to be found. */
export function meanAveragePrecision({ images, classes }: Pool, times = once(images)): number | undefined {
  const scored = classes.flatMap((one) => areaScores(one, AREA_NAMES.indexOf('all'), times) ?? [])
  return scored.length === 0 ? undefined : mean(scored.map(averagePrecision))
}

/** @param threshold index of an IoU: 0 of 0.5, 5 of 0.75 */
export const averagePrecisionAt = (threshold: number) => (scores: AreaScores) =>
  meanOf(scores.precision[threshold]!)

const averageRecall = (limit: (typeof LIMITS)[number]) => (scores: AreaScores) =>
  meanOf(scores.recall[LIMITS.indexOf(limit)]!)

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

interface Stat {
  readonly name: string
  readonly area: Area
  readonly of: (scores: AreaScores) => number
}

const stat = (name: string, area: Area, of: Stat['of']): Stat => ({ name, area, of })

/** The twelve of COCO, in pycocotools' order. */
export const STATS: readonly Stat[] = [
  stat('AP, mean of IoU 0.50 to 0.95', 'all', averagePrecision),
  stat('AP at IoU 0.50', 'all', averagePrecisionAt(0)),
  stat('AP at IoU 0.75', 'all', averagePrecisionAt(5)),
  stat('AP of small objects', 'small', averagePrecision),
  stat('AP of medium objects', 'medium', averagePrecision),
  stat('AP of large objects', 'large', averagePrecision),
  stat('AR of 1 detection an image', 'all', averageRecall(1)),
  stat('AR of 10 detections an image', 'all', averageRecall(10)),
  stat('AR of 100 detections an image', 'all', averageRecall(100)),
  stat('AR of small objects', 'small', averageRecall(100)),
  stat('AR of medium objects', 'medium', averageRecall(100)),
  stat('AR of large objects', 'large', averageRecall(100)),
]

/** Each of `STATS`, the mean of the classes that have truths of its area; undefined where none has. */
export const summarise = (classes: readonly ClassScores[]): readonly (number | undefined)[] =>
  STATS.map(({ area, of }) => {
    const scored = classes.flatMap(({ areas }) => areas[area] ?? [])
    return scored.length === 0 ? undefined : mean(scored.map(of))
  })
