import { IGNORE } from '../../data/dataset.ts'
import type { GraphBuilder } from '../../graph/builder.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'
import { softmaxCrossEntropy } from '../../graph/ops/softmax-cross-entropy.ts'
import type { Network } from '../../nets/layers.ts'
import { NONE_IGNORED } from '../../training/classification.ts'
import type { Sandwich } from '../../training/sandwich.ts'
import { LABEL_STRIDE, subsampled } from '../../training/segmentation.ts'
import type { TopformerGenotype } from './genotype.ts'
import { type SubNetwork, supernetContext, type TopformerSupernet } from './supernet.ts'

/* A supernet is pretrained on images and trained on pixels by the same rule (section 4.2). */

type Size = readonly [height: number, width: number]

interface Task extends Pick<Sandwich, 'optimiser' | 'clip'> {
  readonly supernet: TopformerSupernet
  readonly smallest: TopformerGenotype
  readonly batch: number
}

export interface SandwichTask extends Task {
  readonly crop: Size
  /** See nas/graph/label-weights.ts. */
  readonly classBalance?: number
}

/** A sandwich step on `image` [N,3,H,W] and int32 `labels` at `LABEL_STRIDE`. Logits teach each other at their own resolution. */
export function segmentationSandwich(task: SandwichTask): Sandwich {
  const { supernet, smallest, batch, crop, classBalance = 0 } = task
  const labels = subsampled(crop, LABEL_STRIDE)
  return {
    ...task,
    ...passes(supernet, smallest, [batch, 3, ...crop]),
    loss(graph, values) {
      const truth = graph.input('labels', { dtype: 'int32', shape: [batch, ...labels] })
      const resized = resizeBilinear(graph, values, labels, { alignCorners: true })
      return softmaxCrossEntropy(graph, resized, truth, { ignoreLabel: IGNORE, classBalance })
    },
  }
}

/** The forward passes of a step on `image` of a shape. */
function passes(
  supernet: TopformerSupernet,
  smallest: TopformerGenotype,
  shape: readonly [images: number, channels: 3, height: number, width: number],
): Pick<Sandwich, 'largest' | 'smallest' | 'sampled'> {
  const logits = (network: Network, subNetwork?: SubNetwork) => (graph: GraphBuilder) =>
    network(supernetContext(graph, subNetwork), graph.input('image', { dtype: 'float32', shape }))
  return {
    largest: logits(supernet.network),
    smallest: logits(supernet.networkOf(smallest), supernet.sliced(smallest)),
    sampled: logits(supernet.network, supernet.masked),
  }
}

export interface PretrainingTask extends Task {
  /** Side of the images. */
  readonly image: number
  readonly labelSmoothing: number
}

/** A sandwich step on `image` [N,3,S,S] and int32 `labels` [N]. @param task whose supernet tells images apart */
export function classificationSandwich(task: PretrainingTask): Sandwich {
  const { supernet, smallest, batch, image, labelSmoothing } = task
  return {
    ...task,
    ...passes(supernet, smallest, [batch, 3, image, image]),
    loss(graph, logits) {
      const labels = graph.input('labels', { dtype: 'int32', shape: [batch] })
      return softmaxCrossEntropy(graph, logits, labels, { ignoreLabel: NONE_IGNORED, labelSmoothing })
    },
  }
}
