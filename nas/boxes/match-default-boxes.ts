import { type Boxes, countOf } from './boxes.ts'
import { iou } from './iou.ts'
import { BACKGROUND, match } from './match.ts'

/** SSD (arXiv 1512.02325), section 2.2. */
export const DEFAULT_BOX_THRESHOLD = 0.5

/**
 * For every row the truth that it matches, or `BACKGROUND`: its best one from a threshold on and, whatever else a row overlaps, each
 * truth the row that overlaps it most, as long as there is one that no truth has which is overlapped more (SSD, section 2.2). So a
 * small thing in front of a large one has a row, too.
 */
export function matchDefaultBoxes(rows: Boxes, truths: Boxes, threshold = DEFAULT_BOX_THRESHOLD): Int32Array {
  const matches = match(rows, truths, { positive: threshold, negative: threshold, eachTruth: false })
  const taken = new Set<number>()
  const left = new Map(
    Array.from({ length: countOf(truths) }, (_, truth) => [truth, bestOf(rows, truths, truth, taken)]),
  )
  while (left.size > 0) {
    const [truth, best] = [...left].reduce((a, b) => (b[1].overlap > a[1].overlap ? b : a))
    left.delete(truth)
    if (best.row === BACKGROUND) continue
    matches[best.row] = truth
    taken.add(best.row)
    for (const [other, { row }] of left)
      if (row === best.row) left.set(other, bestOf(rows, truths, other, taken))
  }
  return matches
}

/** The row that overlaps a truth most, the first of equal ones; `BACKGROUND` where none does. */
function bestOf(rows: Boxes, truths: Boxes, truth: number, taken: ReadonlySet<number>) {
  const best = { row: BACKGROUND, overlap: 0 }
  for (let row = 0; row < countOf(rows); row++) {
    const overlap = iou(rows, row, truths, truth)
    if (overlap > best.overlap && !taken.has(row)) Object.assign(best, { row, overlap })
  }
  return best
}
