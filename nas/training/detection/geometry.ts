import { type AnchorOptions, anchorsOf, type Level } from '../../boxes/anchors.ts'
import type { Boxes } from '../../boxes/boxes.ts'
import { LEVEL_STRIDES, ONE_STAGE_STRIDES } from '../../nets/detection/strides.ts'
import type { OneStageOptions, TwoStageOptions } from './detector.ts'

/** The anchors of all levels for images of one size. */
export interface Geometry {
  readonly height: number
  readonly width: number
  readonly levels: readonly Level[]
  /** Of all levels, in the order of the joined predictions. */
  readonly anchors: Boxes
  /** Where each level begins among the anchors. */
  readonly starts: readonly number[]
}

/** Of a two-stage detector. @param sizes [height, width] of each level that proposes, the finest first */
export const geometryOf = (
  size: readonly [number, number],
  sizes: readonly (readonly [number, number])[],
  { anchors }: Pick<TwoStageOptions, 'anchors'>,
): Geometry => {
  const levels = sizes.map(([height, width], i) => ({ stride: LEVEL_STRIDES[0] * 2 ** i, height, width }))
  return geometryAt(size, levels, () => anchors)
}

/** Of a one-stage detector, whose levels are each half as large as the one before. */
export const oneStageGeometry = (
  size: readonly [number, number],
  { anchors }: Pick<OneStageOptions, 'anchors'>,
): Geometry => geometryAt(size, oneStageLevels(size, anchors.length), (level) => anchors[level]!)

/** Sizes are rounded up. */
export const oneStageLevels = ([height, width]: readonly [number, number], count: number): readonly Level[] =>
  Array.from({ length: count }, (_, i) => {
    const stride = ONE_STAGE_STRIDES[0] * 2 ** i
    return { stride, height: Math.ceil(height / stride), width: Math.ceil(width / stride) }
  })

function geometryAt(
  [height, width]: readonly [number, number],
  levels: readonly Level[],
  optionsOf: (level: number) => AnchorOptions,
): Geometry {
  const each = levels.map((level, i) => anchorsOf(level, optionsOf(i)))
  const starts: number[] = []
  let count = 0
  for (const anchors of each) {
    starts.push(count)
    count += anchors.length / 4
  }
  const anchors = new Float32Array(4 * count)
  for (const [i, of] of each.entries()) anchors.set(of, 4 * starts[i]!)
  return { height, width, levels, anchors, starts }
}
