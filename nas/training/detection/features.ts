import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import { backboneLevels, type Pyramid, type PyramidBackbone } from '../../nets/detection/pyramid.ts'
import type { LayerContext } from '../../nets/layers.ts'
import type { Features } from './forward.ts'

type Size = readonly [height: number, width: number]

/** DeepLab's epsilon of batch normalisation, as in all backbones here. */
export const EPSILON = 1e-5

/** Levels of the backbone from `image` [N,3,H,W], in the mode of its context: see {@link frozen} for one that does not change. */
export const fromImages =
  (backbone: PyramidBackbone, images: number, size: Size): Features =>
  (context) =>
    backboneLevels(context, imageInput(context.graph, images, size), backbone)

/** Levels that were computed before, `level0` to `level3`. @param shapes [C,H,W] of each */
export const fromCache =
  (shapes: readonly (readonly number[])[], images: number): Features =>
  ({ graph }): Pyramid =>
    shapes.map((shape, i) => graph.input(levelName(i), { dtype: 'float32', shape: [images, ...shape] }))

export const levelName = (i: number): string => `level${i}`

export const frozen = (graph: GraphBuilder): LayerContext => ({
  graph,
  mode: 'evaluation',
  batchNorm: { decay: 0, epsilon: EPSILON },
})

const imageInput = (graph: GraphBuilder, images: number, size: Size): Value =>
  graph.input('image', { dtype: 'float32', shape: [images, 3, ...size] })
