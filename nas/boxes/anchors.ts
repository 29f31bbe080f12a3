import type { Boxes } from './boxes.ts'

/** A level of a feature pyramid. */
export interface Level {
  /** Image pixels between neighbouring places. */
  readonly stride: number
  readonly height: number
  readonly width: number
}

export interface AnchorOptions {
  /** Side of a square anchor over the stride of its level: 8 in FPN. */
  readonly scale: number
  /** Height over width. */
  readonly ratios: readonly number[]
}

/** FPN: one scale a level, three ratios (arXiv 1612.03144, section 4.1). */
export const FPN_ANCHORS: AnchorOptions = { scale: 8, ratios: [0.5, 1, 2] }

/**
 * Anchors of a level in the order of what a head predicts there, [ratio, y, x]; places are pixels, anchors around their
 * centres.
 */
export function anchorsOf({ stride, height, width }: Level, { scale, ratios }: AnchorOptions): Boxes {
  const boxes = new Float32Array(4 * ratios.length * height * width)
  let at = 0
  for (const ratio of ratios) {
    const [halfWidth, halfHeight] = [1 / Math.sqrt(ratio), Math.sqrt(ratio)].map(
      (side) => (side * scale * stride) / 2,
    ) as [number, number]
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride]
        boxes.set([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], at)
        at += 4
      }
  }
  return boxes
}
