import type { Box } from '../../boxes/boxes.ts'

export interface Size {
  readonly height: number
  readonly width: number
}

export const areaOf = ([left, top, right, bottom]: Box): number => (right - left) * (bottom - top)

/** The part of a box that lies inside an image; the edges of one outside of it cross. */
export const clipped = ([left, top, right, bottom]: Box, { height, width }: Size): Box => [
  Math.max(left, 0),
  Math.max(top, 0),
  Math.min(right, width),
  Math.min(bottom, height),
]

/** A box after its axes have been scaled, then moved. */
export const transformed = (
  [left, top, right, bottom]: Box,
  [vertical, horizontal]: readonly [vertical: number, horizontal: number],
  [down, across]: readonly [down: number, across: number],
): Box => [
  left * horizontal + across,
  top * vertical + down,
  right * horizontal + across,
  bottom * vertical + down,
]
