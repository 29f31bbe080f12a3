import type { Boxes } from './boxes.ts'

/** Intersection over union of row `i` of `a` and row `j` of `b`; 0 where neither has an area. */
export function iou(a: Boxes, i: number, b: Boxes, j: number): number {
  const [p, q] = [4 * i, 4 * j]
  const width = Math.min(a[p + 2]!, b[q + 2]!) - Math.max(a[p]!, b[q]!)
  const height = Math.min(a[p + 3]!, b[q + 3]!) - Math.max(a[p + 1]!, b[q + 1]!)
  if (width <= 0 || height <= 0) return 0
  const intersection = width * height
  return intersection / (areaOf(a, i) + areaOf(b, j) - intersection)
}

const areaOf = (boxes: Boxes, i: number): number =>
  (boxes[4 * i + 2]! - boxes[4 * i]!) * (boxes[4 * i + 3]! - boxes[4 * i + 1]!)
