import type { Detection, Truth } from './boxes.ts'
import { byLabel, groupBy } from './group-by.ts'
import { iou } from './iou.ts'

/* Average precision of Pascal VOC (VOCdevkit, VOCevaldet.m), at IoU 0.5. */

const LEAST_IOU = 0.5

export interface VocCurve {
  /** After each detection that counts, by descending score. */
  readonly precision: readonly number[]
  readonly recall: readonly number[]
}

/**
 * Precision and recall of one class; undefined where no truth must be found. A detection is of the truth that it overlaps most, the
 * first of equals, and wrong where a better one has found that; of a difficult truth, it does not count. Of equal scores, the earlier
 * detection is first.
 */
export function vocCurve(truths: readonly Truth[], detections: readonly Detection[]): VocCurve | undefined {
  const total = truths.filter(({ difficult }) => !difficult).length
  if (total === 0) return undefined
  const truthsIn = groupBy(truths, ({ image }) => image)
  const found = new Set<Truth>()
  const precision: number[] = []
  const recall: number[] = []
  for (const detection of detections.toSorted((a, b) => b.score - a.score)) {
    const truth = nearestOf(truthsIn.get(detection.image) ?? [], detection)
    if (truth?.difficult) continue
    if (truth !== undefined) found.add(truth)
    precision.push(found.size / (precision.length + 1))
    recall.push(found.size / total)
  }
  return { precision, recall }
}

function nearestOf(truths: readonly Truth[], { box }: Detection): Truth | undefined {
  let nearest: Truth | undefined
  let most = 0
  for (const truth of truths) {
    const overlap = iou(box, truth.box)
    if (overlap <= most) continue
    most = overlap
    nearest = truth
  }
  return most >= LEAST_IOU ? nearest : undefined
}

/** From VOC2010 on: the area under the greatest precision at each recall or a higher one (VOCap.m). */
export function vocArea({ precision, recall }: VocCurve): number {
  let area = 0
  let best = 0
  for (let i = precision.length - 1; i >= 0; i--) {
    best = Math.max(best, precision[i]!)
    area += (recall[i]! - (recall[i - 1] ?? 0)) * best
  }
  return area
}

/** MATLAB's 0:0.1:1, which it counts from both ends: 0.3 is 3 * 0.1, a little above 3/10. */
const ELEVEN = Array.from({ length: 11 }, (_, i) => (i <= 5 ? i * 0.1 : 1 - (10 - i) * 0.1))

/** Until VOC2007: the mean, over eleven recalls, of the greatest precision at that or a higher one. */
export const vocElevenPoints = ({ precision, recall }: VocCurve): number =>
  ELEVEN.reduce((sum, least) => {
    const from = recall.findIndex((value) => value >= least)
    return from < 0 ? sum : sum + precision.slice(from).reduce((a, b) => Math.max(a, b), 0) / ELEVEN.length
  }, 0)

/** Of each class, by either rule; undefined where no truth must be found. */
export function vocAveragePrecision(
  truths: readonly Truth[],
  detections: readonly Detection[],
  rule: (curve: VocCurve) => number,
): ReadonlyMap<number, number | undefined> {
  return new Map(
    byLabel(truths, detections)
      .toSorted((a, b) => a.label - b.label)
      .map((one) => {
        const curve = vocCurve(one.truths, one.detections)
        return [one.label, curve === undefined ? undefined : rule(curve)]
      }),
  )
}
