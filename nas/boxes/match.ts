import { type Boxes, countOf } from './boxes.ts'
import { iou } from './iou.ts'

/** Rows that match no truth, and rows between the thresholds, which train nothing. */
export const BACKGROUND = -1
export const BETWEEN = -2

export interface MatchOptions {
  /** A row matches its best truth from this IoU on. */
  readonly positive: number
  /** It is background below this one. */
  readonly negative: number
  /** Whether each truth is matched by the rows that overlap it most, however little that is. */
  readonly eachTruth: boolean
}

/** Faster R-CNN, section 3.1.2. */
export const ANCHOR_MATCH: MatchOptions = { positive: 0.7, negative: 0.3, eachTruth: true }
/** FPN, section 4.2. */
export const REGION_MATCH: MatchOptions = { positive: 0.5, negative: 0.5, eachTruth: false }

/** For every row the truth that it matches, `BACKGROUND` or `BETWEEN`. Of equal truths the first is the best. */
export function match(
  rows: Boxes,
  truths: Boxes,
  { positive, negative, eachTruth }: MatchOptions,
): Int32Array {
  const n = countOf(rows)
  const best = new Int32Array(n).fill(BACKGROUND)
  const overlap = new Float64Array(n)
  const closest: (readonly number[])[] = []
  for (let truth = 0; truth < countOf(truths); truth++) {
    let [most, at] = [0, [] as number[]]
    for (let row = 0; row < n; row++) {
      const both = iou(rows, row, truths, truth)
      if (both > overlap[row]!) {
        overlap[row] = both
        best[row] = truth
      }
      if (both === 0 || both < most) continue
      if (both > most) [most, at] = [both, []]
      at.push(row)
    }
    closest.push(at)
  }
  const matches = best.map((truth, row) => {
    if (overlap[row]! >= positive) return truth
    return overlap[row]! < negative ? BACKGROUND : BETWEEN
  })
  if (eachTruth) for (const row of closest.flat()) matches[row] = best[row]!
  return matches
}
