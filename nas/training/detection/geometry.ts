import { anchorsOf, type Level } from '../../boxes/anchors.ts'
import type { Boxes } from '../../boxes/boxes.ts'
import { LEVEL_STRIDES } from '../../nets/detection/pyramid.ts'
import type { DetectorOptions } from './detector.ts'

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

/** @param sizes [height, width] of each level that proposes, the finest first */
export function geometryOf(
  [height, width]: readonly [number, number],
  sizes: readonly (readonly [number, number])[],
  { anchors: options }: Pick<DetectorOptions, 'anchors'>,
): Geometry {
  const levels = sizes.map(([rows, columns], i) => ({
    stride: LEVEL_STRIDES[0] * 2 ** i,
    height: rows,
    width: columns,
  }))
  const each = levels.map((level) => anchorsOf(level, options))
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
