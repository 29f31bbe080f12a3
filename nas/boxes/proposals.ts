import { type Boxes, clip, hasArea, pick } from './boxes.ts'
import { decode, RPN_WEIGHTS } from './deltas.ts'
import { byScore, suppress } from './suppress.ts'

/** What a region proposal network says of one level of one image. */
export interface LevelPrediction {
  /** Logits [ratios, H, W]. */
  readonly objectness: Float32Array
  /** [ratios, 4, H, W] */
  readonly deltas: Float32Array
  /** In the order of `objectness`. */
  readonly anchors: Boxes
  /** H·W */
  readonly places: number
}

export interface ProposalOptions {
  /** The best of each level that are decoded at all. */
  readonly perLevel: number
  /** The best of all levels that stay. */
  readonly most: number
  /** IoU above which the less likely of two boxes of a level goes. */
  readonly threshold: number
}

/** Boxes in descending order of score. */
export interface Scored {
  readonly boxes: Boxes
  readonly scores: Float32Array
}

/**
 * Regions that may hold something (Faster R-CNN, section 3.1; FPN, section 4.1): the likeliest anchors of each level, moved and
 * clipped to the image, without those that overlap a likelier one of their level.
 */
export function proposalsOf(
  levels: readonly LevelPrediction[],
  image: { readonly height: number; readonly width: number },
  { perLevel, most, threshold }: ProposalOptions,
): Scored {
  const boxes: Boxes[] = []
  const scores: number[] = []
  for (const level of levels) {
    const found = ofLevel(level, image, perLevel)
    const kept = suppress(found.boxes, found.scores, threshold, most)
    boxes.push(pick(found.boxes, kept))
    for (const row of kept) scores.push(found.scores[row]!)
  }
  const all = new Float32Array(4 * scores.length)
  let at = 0
  for (const rows of boxes) {
    all.set(rows, at)
    at += rows.length
  }
  const best = byScore(
    scores,
    scores.map((_, i) => i),
  ).slice(0, most)
  return { boxes: pick(all, best), scores: Float32Array.from(best, (row) => scores[row]!) }
}

function ofLevel(
  { objectness, deltas, anchors, places }: LevelPrediction,
  { height, width }: { readonly height: number; readonly width: number },
  most: number,
): Scored {
  const best = highest(objectness, most)
  const boxes = new Float32Array(4 * best.length)
  for (const [i, anchor] of best.entries()) {
    const place = anchor % places
    const at = 4 * (anchor - place) + place
    const delta = [
      deltas[at]!,
      deltas[at + places]!,
      deltas[at + 2 * places]!,
      deltas[at + 3 * places]!,
    ] as const
    decode(boxes, i, anchors, anchor, delta, RPN_WEIGHTS)
  }
  clip(boxes, height, width)
  const rows = [...best.keys()].filter((i) => hasArea(boxes, i))
  return { boxes: pick(boxes, rows), scores: Float32Array.from(rows, (row) => objectness[best[row]!]!) }
}

/** The first `most` rows in the order of `byScore`, for which all others need not be put in order. */
function highest(scores: Float32Array, most: number): readonly number[] {
  const least = scores.toSorted()[Math.max(0, scores.length - most)]!
  const rows: number[] = []
  for (let row = 0; row < scores.length; row++) if (scores[row]! >= least) rows.push(row)
  return byScore(scores, rows).slice(0, most)
}
