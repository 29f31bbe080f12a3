import { GraphBuilder } from '../../graph/builder.ts'
import { backboneLevels, type PyramidBackbone, withCoarserLevel } from '../../nets/detection/pyramid.ts'
import type { DetectorOptions } from './detector.ts'
import { frozen } from './features.ts'
import { type Geometry, geometryOf } from './geometry.ts'

/** [C,H,W] of each level of a backbone, for images of a size. */
export function levelShapes(
  backbone: PyramidBackbone,
  size: readonly [number, number],
): readonly (readonly [channels: number, height: number, width: number])[] {
  const graph = new GraphBuilder()
  const image = graph.input('image', { dtype: 'float32', shape: [1, 3, ...size] })
  return backboneLevels(frozen(graph), image, backbone).map(
    ({ type }) => type.shape.slice(1) as [number, number, number],
  )
}

/** The anchors of a detector on a backbone, for images of a size. */
export function detectorGeometry(
  backbone: PyramidBackbone,
  size: readonly [number, number],
  options: Pick<DetectorOptions, 'anchors'>,
): Geometry {
  const graph = new GraphBuilder()
  const image = graph.input('image', { dtype: 'float32', shape: [1, 3, ...size] })
  const levels = withCoarserLevel(graph, backboneLevels(frozen(graph), image, backbone))
  return geometryOf(
    size,
    levels.map(({ type }) => type.shape.slice(2) as [number, number]),
    options,
  )
}
