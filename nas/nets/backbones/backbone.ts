import type { Value } from '../../graph/graph.ts'
import type { ImageStatistics } from '../../image-statistics.ts'
import type { OutputStride } from '../atrous.ts'
import type { LayerContext } from '../layers.ts'

export interface FeatureOptions {
  /** Multiplier of its channels; 1 where it has no other. */
  readonly width: number
  readonly outputStride: OutputStride
}

/** All that the project knows about one network whose features a cell can read. */
export interface Backbone {
  /**
   * [N,3,H,W] to the outputs of its blocks in order, the last [N,C,H/outputStride,W/outputStride], sizes rounded up; its parameters
   * begin with `backbone/`.
   */
  blocks(context: LayerContext, image: Value, options: FeatureOptions): readonly Value[]
  /** The classifier with the same layers, as published: [N,3,H,W] to logits [N,classes]. */
  classifier(context: LayerContext, image: Value, classes: number): Value
  /** The files of trained weights that fit it, beside Trellis's own. */
  readonly libraries: readonly Library[]
}

/** How a library names the weights of a network, and what its images were. */
export interface Library {
  /** E.g. `timm's xception65`. */
  readonly name: string
  readonly layers: readonly LayerNames[]
  readonly images: ImageStatistics
}

/** A library's names of the convolution of a layer, and of the batch normalisation after it; null where it has a bias instead. */
export type LayerNames = readonly [layer: string, convolution: string, normalisation: string | null]
