import { IGNORE } from '../../data/dataset.ts'
import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import { mul } from '../../graph/ops/mul.ts'
import { pad } from '../../graph/ops/pad.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'
import { softmaxCrossEntropy } from '../../graph/ops/softmax-cross-entropy.ts'
import { maskedBy, maskShapes, masksOf } from '../../nets/elastic/masks.ts'
import { inherited, slicedFrom } from '../../nets/elastic/slices.ts'
import { type Structure, structureOf } from '../../nets/elastic/structure.ts'
import type { LayerContext, Network } from '../../nets/layers.ts'
import { identity } from '../../nets/mbconv.ts'
import { topformer } from '../../nets/topformer/network.ts'
import { float32, type Tensors } from '../../tensor.ts'
import type { Sandwich } from '../../training/sandwich.ts'
import { LABEL_STRIDE, subsampled } from '../../training/segmentation.ts'
import type { TopformerGenotype } from './genotype.ts'
import { networkOf } from './network.ts'
import { largest, smallest, type TopformerSpace } from './space.ts'

type Size = readonly [height: number, width: number]

export interface SupernetOptions {
  readonly space: TopformerSpace
  readonly classes: number
  readonly attentionScale?: boolean
}

/** Of batch normalisation. */
export const EPSILON = 1e-5

/** Shapes do not depend on it. */
const ANY_IMAGE = [1, 3, 129, 129]

/** By which layers read a part of the supernet. */
export type SubNetwork = (graph: GraphBuilder) => Pick<LayerContext, 'declare' | 'skip'>

/** The only block of stride 1 whose input and output have widths of their own: it has a skip connection where they are equal. */
const FIRST = 'pyramid/stage0/block0'
const GATE = `mask:${FIRST}/skip`

const gatedSkip =
  (graph: GraphBuilder): NonNullable<LayerContext['skip']> =>
  (input, output) => {
    if (graph.scope !== FIRST) return identity(input, output)
    const more = output.type.shape[1]! - input.type.shape[1]!
    const fitted = more === 0 ? input : pad(graph, input, { before: [0, 0, 0, 0], after: [0, more, 0, 0] })
    return mul(graph, fitted, graph.input(GATE, { dtype: 'float32', shape: [] }))
  }

/** An elastic supernet: the largest network of a space, of which all others are slices. */
export interface TopformerSupernet {
  readonly network: Network
  /** The same as a sub-network that its inputs tell: see `masks`. */
  readonly masked: SubNetwork
  /** Inputs that make the masked network that of a genotype. */
  masks(genotype: TopformerGenotype): Tensors
  /** Weights of the network of a genotype, by the names of its own parameters. */
  inherit(genotype: TopformerGenotype, weights: Tensors): Tensors
  /** The network of a genotype with slices of the shared parameters. */
  sliced(genotype: TopformerGenotype): SubNetwork
  networkOf(genotype: TopformerGenotype): Network
}

export function topformerSupernet({ space, classes, ...options }: SupernetOptions): TopformerSupernet {
  const build = (genotype: TopformerGenotype) => topformer(networkOf(genotype, options), classes)
  const structure = (genotype: TopformerGenotype): Structure => structureOf(build(genotype), ANY_IMAGE)
  const shared = structure(largest(space))
  const shapes = maskShapes(shared, structure(smallest(space)))
  return {
    network: build(largest(space)),
    masked: (graph) => ({ declare: maskedBy(shapes), skip: gatedSkip(graph) }),
    masks: (genotype) => ({
      ...masksOf(shapes, shared, structure(genotype)),
      [GATE]: float32([], [genotype.stem === genotype.convolutions[0]!.width ? 1 : 0]),
    }),
    inherit: (genotype, weights) => inherited(shared, structure(genotype), weights),
    sliced: (genotype) => {
      const declare = slicedFrom(shared, structure(genotype))
      return () => ({ declare })
    },
    networkOf: build,
  }
}

/** Batch statistics always: sub-networks share none. */
export const supernetContext = (graph: GraphBuilder, subNetwork?: SubNetwork): LayerContext => ({
  graph,
  mode: 'training',
  batchNorm: { decay: 0, epsilon: EPSILON },
  onStatistics: () => {},
  ...subNetwork?.(graph),
})

export interface SandwichTask extends Pick<Sandwich, 'optimiser' | 'clip'> {
  readonly supernet: TopformerSupernet
  readonly smallest: TopformerGenotype
  readonly batch: number
  readonly crop: Size
  /** See nas/graph/label-weights.ts. */
  readonly classBalance?: number
}

/** A sandwich step on `image` [N,3,H,W] and int32 `labels` at `LABEL_STRIDE`. Logits teach each other at their own resolution. */
export function segmentationSandwich(task: SandwichTask): Sandwich {
  const { supernet, smallest, batch, crop, classBalance = 0 } = task
  const labels = subsampled(crop, LABEL_STRIDE)
  const image = (graph: GraphBuilder): Value =>
    graph.input('image', { dtype: 'float32', shape: [batch, 3, ...crop] })
  const logits = (network: Network, subNetwork?: SubNetwork) => (graph: GraphBuilder) =>
    network(supernetContext(graph, subNetwork), image(graph))
  return {
    ...task,
    largest: logits(supernet.network),
    smallest: logits(supernet.networkOf(smallest), supernet.sliced(smallest)),
    sampled: logits(supernet.network, supernet.masked),
    loss(graph, values) {
      const truth = graph.input('labels', { dtype: 'int32', shape: [batch, ...labels] })
      const resized = resizeBilinear(graph, values, labels, { alignCorners: true })
      return softmaxCrossEntropy(graph, resized, truth, { ignoreLabel: IGNORE, classBalance })
    },
  }
}
