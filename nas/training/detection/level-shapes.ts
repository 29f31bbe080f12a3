import { GraphBuilder } from '../../graph/builder.ts'
import { type Pyramid, type PyramidBackbone, withCoarserLevel } from '../../nets/detection/pyramid.ts'
import type { TrainableDetector } from './detector.ts'
import { fromImages, frozen } from './features.ts'
import { type Geometry, geometryOf, oneStageGeometry, oneStageLevels } from './geometry.ts'

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

/** How many places the levels have that the neck of a detector reads, from the finest. */
export const neckPixels = (detector: TrainableDetector, size: Size): readonly number[] =>
  (detector.stages === 1
    ? oneStageLevels(size, detector.options.anchors.length).map(
        ({ height, width }) => [height, width] as const,
      )
    : levelShapes(detector.backbone, size).map(([, height, width]) => [height, width] as const)
  ).map(([height, width]) => height * width)

/** The anchors of a detector, for images of a size. */
export function detectorGeometry(detector: TrainableDetector, size: Size): Geometry {
  if (detector.stages === 1) return oneStageGeometry(size, detector.options)
  const { backbone, options } = detector
  const graph = new GraphBuilder()
  const levels = withCoarserLevel(graph, levelsOf(graph, backbone, size))
  return geometryOf(
    size,
    levels.map(({ type }) => type.shape.slice(2) as [number, number]),
    options,
  )
}
