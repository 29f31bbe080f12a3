import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import { maxPool } from '../../graph/ops/max-pool.ts'
import type { OutputStride } from '../atrous.ts'
import { type BackboneOptions, backboneBlocks, lastAtStride } from '../backbones/index.ts'
import type { LayerContext } from '../layers.ts'
import { LEVEL_STRIDES } from './strides.ts'

/** Levels of features, from the finest: [N,C_i,H/s_i,W/s_i], sizes rounded up, each half as large as the one before. */
export type Pyramid = readonly Value[]

export interface PyramidBackbone extends Omit<BackboneOptions, 'outputStride'> {
  /** Of the levels that are read, in ascending order up to 32; {@link LEVEL_STRIDES} by default. */
  readonly strides?: readonly OutputStride[]
}

/** What the last block of each stage makes of an image [N,3,H,W]. Parameters begin with `backbone/`. */
export function backboneLevels(
  context: LayerContext,
  image: Value,
  { strides = LEVEL_STRIDES, ...backbone }: PyramidBackbone,
): Pyramid {
  const blocks = backboneBlocks(context, image, { ...backbone, outputStride: 32 })
  return strides.map((stride) => lastAtStride(blocks, image, stride))
}

/**
 * The levels and one more, P6, for large anchors: every second pixel of the last (section 4.1, footnote 2).
 * @returns the levels that the region proposal network reads
 */
export const withCoarserLevel = (graph: GraphBuilder, levels: Pyramid): Pyramid => [
  ...levels,
  maxPool(graph, levels.at(-1)!, { kernel: [1, 1], stride: [2, 2], padding: [0, 0, 0, 0] }),
]
