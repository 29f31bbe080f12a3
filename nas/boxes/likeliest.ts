import { type Boxes, countOf, pick } from './boxes.ts'
import { byScore } from './suppress.ts'

/** Boxes with what a network says of them, as `detectionsOf` reads it. */
export interface Candidates {
  readonly regions: Boxes
  /** [P,C], the first of the background. */
  readonly probabilities: Float32Array
  /** [P,4C], the same for every class. */
  readonly deltas: Float32Array
}

/**
 * The anchors of an image that are likeliest to hold something of any class, in descending order of that: suppression of all of them
 * would compare hundreds of millions of pairs.
 * @param probabilities [C,K]; @param deltas [4,K]; @param most that are taken
 */
export function likeliestAnchors(
  anchors: Boxes,
  probabilities: Float32Array,
  deltas: Float32Array,
  most: number,
): Candidates {
  const count = countOf(anchors)
  const classes = probabilities.length / count
  const best = new Float32Array(count)
  for (let label = 1; label < classes; label++)
    for (let row = 0; row < count; row++)
      best[row] = Math.max(best[row]!, probabilities[label * count + row]!)
  const rows = byScore(best, [...best.keys()]).slice(0, most)
  const chosen = {
    regions: pick(anchors, rows),
    probabilities: new Float32Array(rows.length * classes),
    deltas: new Float32Array(rows.length * classes * 4),
  }
  for (const [i, row] of rows.entries())
    for (let label = 0; label < classes; label++) {
      const at = i * classes + label
      chosen.probabilities[at] = probabilities[label * count + row]!
      for (let edge = 0; edge < 4; edge++) chosen.deltas[4 * at + edge] = deltas[edge * count + row]!
    }
  return chosen
}
