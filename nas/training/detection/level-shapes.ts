import { GraphBuilder } from '../../graph/builder.ts'
import { type Pyramid, type PyramidBackbone, withCoarserLevel } from '../../nets/detection/pyramid.ts'
import type { DetectorOptions } from './detector.ts'
import { fromImages, frozen } from './features.ts'
import { type Geometry, geometryOf } from './geometry.ts'

type Size = readonly [height: number, width: number]

/** Of one image. */
const levelsOf = (graph: GraphBuilder, backbone: PyramidBackbone, size: Size): Pyramid =>
  fromImages(backbone, 1, size)(frozen(graph))

/** [C,H,W] of each level of a backbone, for images of a size. */
export const levelShapes = (
  backbone: PyramidBackbone,
  size: Size,
): readonly (readonly [channels: number, height: number, width: number])[] =>
  levelsOf(new GraphBuilder(), backbone, size).map(
    ({ type }) => type.shape.slice(1) as [number, number, number],
  )

/** The anchors of a detector on a backbone, for images of a size. */
export function detectorGeometry(
  backbone: PyramidBackbone,
  size: Size,
  options: Pick<DetectorOptions, 'anchors'>,
): Geometry {
  const graph = new GraphBuilder()
  const levels = withCoarserLevel(graph, levelsOf(graph, backbone, size))
  return geometryOf(
    size,
    levels.map(({ type }) => type.shape.slice(2) as [number, number]),
    options,
  )
}
