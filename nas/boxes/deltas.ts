import type { Boxes } from './boxes.ts'

/** What offsets of centre and size are multiplied by before they are learnt (Girshick 2015; torchvision's `BoxCoder`). */
export type DeltaWeights = readonly [x: number, y: number, width: number, height: number]

export const RPN_WEIGHTS: DeltaWeights = [1, 1, 1, 1]
export const HEAD_WEIGHTS: DeltaWeights = [10, 10, 5, 5]

/** Larger predictions are taken for this one: exp would overflow. An anchor of 16 pixels becomes an image of 1000. */
export const LARGEST_LOG_RATIO = Math.log(1000 / 16)

/** Writes to `deltas` at `to` how row `i` of `from` becomes row `j` of `target` (Faster R-CNN, equation 2). */
export function encode(
  deltas: Float32Array,
  to: number,
  from: Boxes,
  i: number,
  target: Boxes,
  j: number,
  [wx, wy, ww, wh]: DeltaWeights,
): void {
  const [width, height] = [from[4 * i + 2]! - from[4 * i]!, from[4 * i + 3]! - from[4 * i + 1]!]
  const [wide, high] = [target[4 * j + 2]! - target[4 * j]!, target[4 * j + 3]! - target[4 * j + 1]!]
  deltas[to] = (wx * (target[4 * j]! + wide / 2 - from[4 * i]! - width / 2)) / width
  deltas[to + 1] = (wy * (target[4 * j + 1]! + high / 2 - from[4 * i + 1]! - height / 2)) / height
  deltas[to + 2] = ww * Math.log(wide / width)
  deltas[to + 3] = wh * Math.log(high / height)
}

/** Writes to row `to` of `boxes` what row `i` of `from` becomes by the deltas dx, dy, dw, dh. */
export function decode(
  boxes: Boxes,
  to: number,
  from: Boxes,
  i: number,
  [dx, dy, dw, dh]: readonly [number, number, number, number],
  [wx, wy, ww, wh]: DeltaWeights,
): void {
  const [width, height] = [from[4 * i + 2]! - from[4 * i]!, from[4 * i + 3]! - from[4 * i + 1]!]
  const x = from[4 * i]! + width / 2 + (dx / wx) * width
  const y = from[4 * i + 1]! + height / 2 + (dy / wy) * height
  const halfWidth = (width * Math.exp(Math.min(dw / ww, LARGEST_LOG_RATIO))) / 2
  const halfHeight = (height * Math.exp(Math.min(dh / wh, LARGEST_LOG_RATIO))) / 2
  boxes.set([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], 4 * to)
}
