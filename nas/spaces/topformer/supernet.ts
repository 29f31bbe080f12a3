import type { GraphBuilder } from '../../graph/builder.ts'
import { mul } from '../../graph/ops/mul.ts'
import { pad } from '../../graph/ops/pad.ts'
import { maskedBy, maskShapes, masksOf } from '../../nets/elastic/masks.ts'
import { inherited, shareOf, slicedFrom } from '../../nets/elastic/slices.ts'
import { type Structure, structureOf } from '../../nets/elastic/structure.ts'
import type { LayerContext, Network } from '../../nets/layers.ts'
import { identity } from '../../nets/mbconv.ts'
import { topformerClassifier } from '../../nets/topformer/classifier.ts'
import { topformer } from '../../nets/topformer/network.ts'
import { float32, type Tensors } from '../../tensor.ts'
import type { TopformerGenotype } from './genotype.ts'
import { networkOf } from './network.ts'
import { largest, smallest, type TopformerSpace } from './space.ts'

export interface SupernetOptions {
  readonly space: TopformerSpace
  /** Of pixels, or of images where `head` says so. */
  readonly classes: number
  readonly attentionScale?: boolean
  /** What its networks tell apart: pixels, unless said otherwise. */
  readonly head?: 'pixels' | 'images'
}

const HEADS = { pixels: topformer, images: topformerClassifier } as const

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
  /** Of any network, the weights of those parameters that are slices of the supernet's. */
  inheritBy(network: Network, weights: Tensors): Tensors
  /** The share of a network's parameters that are slices of the supernet's. @param counts which of its parameters may be, by name */
  shareOf(network: Network, counts: (name: string) => boolean): number
  /** The network of a genotype with slices of the shared parameters. */
  sliced(genotype: TopformerGenotype): SubNetwork
  networkOf(genotype: TopformerGenotype): Network
}

export function topformerSupernet({
  space,
  classes,
  head = 'pixels',
  ...options
}: SupernetOptions): TopformerSupernet {
  const build = (genotype: TopformerGenotype) => HEADS[head](networkOf(genotype, options), classes)
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
    inheritBy: (network, weights) => inherited(shared, structureOf(network, ANY_IMAGE), weights),
    shareOf: (network, counts) => shareOf(shared, structureOf(network, ANY_IMAGE), counts),
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

/** Whether a parameter is of what pretraining leaves: all but the head, and what is injected into it. */
export const isOfBackbone = (name: string): boolean => /^(pyramid|semantics)\//.test(name)
