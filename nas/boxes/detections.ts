import { type Boxes, clip, countOf, hasArea, pick } from './boxes.ts'
import { decode, HEAD_WEIGHTS } from './deltas.ts'
import type { Scored } from './proposals.ts'
import { byScore, suppress } from './suppress.ts'

export interface DetectionOptions {
  /** Probability up to which nothing is reported. */
  readonly score: number
  /** IoU above which the less likely of two boxes of a class goes. */
  readonly threshold: number
  /** The likeliest of an image that are reported. */
  readonly most: number
}

/** In pixels of what the network saw, the likeliest first. */
export interface Detections extends Scored {
  /** From 0, without the background. */
  readonly labels: Int32Array
}

/**
 * What a head found in the regions of an image (Fast R-CNN, section 2): each region moved for every class, the likely ones with an
 * area that overlap no likelier one of their class.
 * @param probabilities [P,C], the first of the background; @param deltas [P,4C]
 */
export function detectionsOf(
  regions: Boxes,
  probabilities: Float32Array,
  deltas: Float32Array,
  image: { readonly height: number; readonly width: number },
  { score, threshold, most }: DetectionOptions,
): Detections {
  const classes = probabilities.length / countOf(regions)
  const boxes: number[] = []
  const scores: number[] = []
  const labels: number[] = []
  for (let label = 0; label < classes - 1; label++) {
    const likely = ofClass(label + 1, regions, probabilities, deltas, image, score)
    for (const i of suppress(likely.boxes, likely.scores, threshold, most)) {
      boxes.push(...pick(likely.boxes, [i]))
      scores.push(likely.scores[i]!)
      labels.push(label)
    }
  }
  const best = byScore(scores, [...scores.keys()]).slice(0, most)
  return {
    boxes: pick(Float32Array.from(boxes), best),
    scores: Float32Array.from(best, (i) => scores[i]!),
    labels: Int32Array.from(best, (i) => labels[i]!),
  }
}

/** The regions that are likely of a class, moved for it. @param column of the class, where the background has 0 */
function ofClass(
  column: number,
  regions: Boxes,
  probabilities: Float32Array,
  deltas: Float32Array,
  { height, width }: { readonly height: number; readonly width: number },
  score: number,
): Scored {
  const count = countOf(regions)
  const classes = probabilities.length / count
  const scoreOf = (row: number) => probabilities[row * classes + column]!
  // As an exported model compares, in float32: 0.6 is no more than 0.6.
  const least = Math.fround(score)
  const rows = Array.from({ length: count }, (_, row) => row).filter((row) => scoreOf(row) > least)
  const boxes = new Float32Array(4 * rows.length)
  for (const [i, row] of rows.entries()) {
    const at = 4 * (row * classes + column)
    const delta = [deltas[at]!, deltas[at + 1]!, deltas[at + 2]!, deltas[at + 3]!] as const
    decode(boxes, i, regions, row, delta, HEAD_WEIGHTS)
  }
  clip(boxes, height, width)
  const whole = [...rows.keys()].filter((i) => hasArea(boxes, i))
  return { boxes: pick(boxes, whole), scores: Float32Array.from(whole, (i) => scoreOf(rows[i]!)) }
}
