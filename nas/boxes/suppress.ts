import type { Boxes } from './boxes.ts'
import { iou } from './iou.ts'

/** Row numbers in descending order of score, those of equal score in ascending order of themselves. */
export const byScore = (scores: ArrayLike<number>, rows: readonly number[]): number[] =>
  rows.toSorted((i, j) => scores[j]! - scores[i]! || i - j)

/**
 * Greedy non-maximum suppression: the best box stays, and what overlaps it by more than `threshold` goes.
 * @param most stops once so many have stayed
 * @returns the rows that stay, in descending order of score
 */
export function suppress(
  boxes: Boxes,
  scores: ArrayLike<number>,
  threshold: number,
  most = Number.POSITIVE_INFINITY,
): number[] {
  const kept: number[] = []
  for (const row of byScore(
    scores,
    Array.from({ length: scores.length }, (_, i) => i),
  )) {
    if (kept.length >= most) break
    if (kept.every((better) => iou(boxes, better, boxes, row) <= threshold)) kept.push(row)
  }
  return kept
}
