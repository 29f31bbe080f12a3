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
  /** Whether a square comes last whose side is the geometric mean of this level's and the next one's (SSD, section 2.2). */
  readonly between?: boolean
}

/** FPN: one scale a level, three ratios (arXiv 1612.03144, section 4.1). */
export const FPN_ANCHORS: AnchorOptions = { scale: 8, ratios: [0.5, 1, 2] }

/** Levels at either end that have anchors of fewer ratios in SSD: the finest, which has many places, and the two coarsest. */
const FEW = { first: 1, last: 2 }

/** SSD (arXiv 1512.02325, section 2.2): 6 anchors a place, 4 of them at the levels of the ends. @param levels of the pyramid */
export const ssdAnchors = (scale: number, levels: number): readonly AnchorOptions[] =>
  Array.from({ length: levels }, (_, i) => ({
    scale,
    ratios: i < FEW.first || i >= levels - FEW.last ? [1, 2, 1 / 2] : [1, 2, 1 / 2, 3, 1 / 3],
    between: true,
  }))

/** How many there are at every place. */
export const anchorsAPlace = ({ ratios, between }: AnchorOptions): number =>
  ratios.length + Number(between === true)

/** Levels of a pyramid are half as large as the one before. */
const BETWEEN = Math.SQRT2

/**
 * Anchors of a level in the order of what a head predicts there, [anchor, y, x]; places are pixels, anchors around their
 * centres.
 */
export function anchorsOf({ stride, height, width }: Level, options: AnchorOptions): Boxes {
  const { scale, ratios, between = false } = options
  const boxes = new Float32Array(4 * anchorsAPlace(options) * height * width)
  const sides = [
    ...ratios.map((ratio) => [1 / Math.sqrt(ratio), Math.sqrt(ratio)] as const),
    ...(between ? [[BETWEEN, BETWEEN] as const] : []),
  ]
  let at = 0
  for (const [wide, high] of sides) {
    const [halfWidth, halfHeight] = [(wide * scale * stride) / 2, (high * scale * stride) / 2]
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride]
        boxes.set([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], at)
        at += 4
      }
  }
  return boxes
}
