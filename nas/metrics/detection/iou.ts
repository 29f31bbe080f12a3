import type { Box } from '../../boxes/boxes.ts'
import type { Bbox } from './boxes.ts'

/** Intersection over union; 0 where boxes share no area. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (edgeArea(a) + edgeArea(b) - shared)
}

const edgeArea = ([left, top, right, bottom]: Box): number => (right - left) * (bottom - top)

export const areaOf = ({ width, height }: Bbox): number => width * height

/** The same in the order of operations of COCO's maskApi.c; of a crowd, the share of the detection that lies in it. */
export function cocoIou(detection: Bbox, truth: Bbox, crowd: boolean): number {
  const width =
    Math.min(detection.left + detection.width, truth.left + truth.width) -
    Math.max(detection.left, truth.left)
  const height =
    Math.min(detection.top + detection.height, truth.top + truth.height) - Math.max(detection.top, truth.top)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (crowd ? areaOf(detection) : areaOf(detection) + areaOf(truth) - shared)
}
