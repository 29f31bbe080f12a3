import type { CocoDetection, CocoTruth } from './boxes.ts'
import { byLabel, groupBy } from './group-by.ts'
import { areaOf, cocoIou } from './iou.ts'

/*
 * What of an image is found, as COCO counts it: pycocotools' cocoeval.py. That keeps the id of the truth that is found, and takes one
 * of id 0 for none; here it is a truth like all others.
 */

/** IoU from which a detection finds a truth: 0.50, 0.55 to 0.95, to the bits of numpy.linspace. */
export const THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
)

/** Of truths, in pixels; both ends belong to a range, so that 32² is small and medium. */
export const AREAS = {
  all: [0, 1e5 ** 2],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e5 ** 2],
} as const
export type Area = keyof typeof AREAS
export const AREA_NAMES = Object.keys(AREAS) as readonly Area[]

/** Detections of a class in an image that count: those of the greatest scores. */
export const MOST = 100

export const OUTCOME = { wrong: 0, right: 1, ignored: 2 } as const

/** A detection has an outcome for each area and, within that, each threshold. */
export const OUTCOMES = AREA_NAMES.length * THRESHOLDS.length

/** One class in one image. */
export interface ClassMatches {
  readonly label: number
  /** In descending order, `MOST` at most. */
  readonly scores: Float64Array
  /** [detections, OUTCOMES] */
  readonly outcomes: Uint8Array
  /** Truths that are to be found, by area. */
  readonly truths: readonly number[]
}

/** The classes that an image shows, or is said to. */
export type ImageMatches = readonly ClassMatches[]

/**
 * Images in ascending order of their numbers, in which COCO goes through them: it decides between equal scores.
 * @throws RangeError for a truth or a detection of an image that is not listed
 */
export function matchImages(
  images: readonly number[],
  truths: readonly CocoTruth[],
  detections: readonly CocoDetection[],
): readonly ImageMatches[] {
  const [truthsIn, detectionsIn] = [groupBy(truths, imageOf), groupBy(detections, imageOf)]
  const listed = new Set(images)
  for (const image of [...truthsIn.keys(), ...detectionsIn.keys()])
    if (!listed.has(image)) throw new RangeError(`image ${image} is not listed`)
  return [...listed]
    .sort((a, b) => a - b)
    .map((image) => matchImage(truthsIn.get(image) ?? [], detectionsIn.get(image) ?? []))
}

const imageOf = ({ image }: CocoTruth | CocoDetection): number => image

/** @param truths @param detections of one image, in any order; of equal scores or IoUs, it decides */
export function matchImage(truths: readonly CocoTruth[], detections: readonly CocoDetection[]): ImageMatches {
  return byLabel(truths, detections).map((one) => matchClass(one.label, one.truths, one.detections))
}

function matchClass(
  label: number,
  truths: readonly CocoTruth[],
  all: readonly CocoDetection[],
): ClassMatches {
  const detections = all.toSorted((a, b) => b.score - a.score).slice(0, MOST)
  const overlaps = detections.map(({ bbox }) => truths.map((truth) => cocoIou(bbox, truth.bbox, truth.crowd)))
  const outcomes = new Uint8Array(detections.length * OUTCOMES)
  const counts = AREA_NAMES.map((name, a) => {
    const [least, most] = AREAS[name]
    const isOutside = (area: number) => area < least || area > most
    const isIgnored = truths.map(({ crowd, area }) => crowd || isOutside(area))
    const order = [...truths.keys()].toSorted((g, h) => Number(isIgnored[g]) - Number(isIgnored[h]))
    const outside = detections.map(({ bbox }) => isOutside(areaOf(bbox)))
    THRESHOLDS.forEach((threshold, t) => {
      assign(overlaps, truths, isIgnored, order, threshold).forEach((truth, d) => {
        outcomes[d * OUTCOMES + a * THRESHOLDS.length + t] =
          truth === NONE ? outcomeOf(OUTCOME.wrong, outside[d]!) : outcomeOf(OUTCOME.right, isIgnored[truth]!)
      })
    })
    return isIgnored.filter((each) => !each).length
  })
  return { label, scores: Float64Array.from(detections, ({ score }) => score), outcomes, truths: counts }
}

const outcomeOf = (outcome: number, isIgnored: boolean): number => (isIgnored ? OUTCOME.ignored : outcome)

const NONE = -1

/**
 * The truth that each detection finds, those of greater scores first: the one of the greatest IoU that none has found yet, the last
 * of equals. An ignored one is found only where no other is; a crowd by any number.
 * @param order of truths: those that are not ignored first
 */
function assign(
  overlaps: readonly (readonly number[])[],
  truths: readonly CocoTruth[],
  isIgnored: readonly boolean[],
  order: readonly number[],
  threshold: number,
): readonly number[] {
  const isFound = new Uint8Array(truths.length)
  return overlaps.map((overlap) => {
    let found = NONE
    let best = threshold
    for (const truth of order) {
      if (isFound[truth] && !truths[truth]!.crowd) continue
      if (found !== NONE && !isIgnored[found] && isIgnored[truth]) break
      if (overlap[truth]! < best) continue
      best = overlap[truth]!
      found = truth
    }
    if (found !== NONE) isFound[found] = 1
    return found
  })
}
