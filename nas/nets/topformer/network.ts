import type { Value } from '../../graph/graph.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'
import { convBn, inTurn, type LayerContext, type Network } from '../layers.ts'
import { type MbConv, mbConv } from '../mbconv.ts'
import { head } from './head.ts'
import { inject } from './injection.ts'
import { semantics, type TransformerStage, tokensOf } from './semantics.ts'

/**
 * A TopFormer (arXiv 2204.05525; hustvl/TopFormer), block by block: a token pyramid of convolutions, a transformer over the pooled
 * tokens of all its scales, and a head on the scales into which its semantics are injected.
 */
export interface TopformerNetwork {
  /** Channels of the first convolution, of stride 2. */
  readonly stem: number
  /** Inverted residuals by stage; all stages but the first are levels of the pyramid. */
  readonly stages: readonly (readonly PyramidBlock[])[]
  readonly transformers: readonly TransformerStage[]
  /** Channels of injected semantics, and of the head. */
  readonly injection: number
  /** Whether the head's convolution over 1x1 pixels is depthwise. */
  readonly depthwiseHead: boolean
  /** Of the pyramid; the transformer has relu6. */
  readonly activation: 'relu' | 'relu6'
  /** Whether products of queries and keys are scaled by 1/√(key channels). The released code defines the scale and never uses it. */
  readonly attentionScale: boolean
}

export type PyramidBlock = Pick<MbConv, 'kernel' | 'expansion' | 'channels' | 'stride'>

/** Levels of the pyramid, from 0, into which semantics are injected. */
export const INJECTED = [1, 2, 3] as const

/** An image [N,3,H,W] to logits [N,classes,H/8,W/8]; to those of the image's size (corners aligned) in evaluation. */
export const topformer =
  (network: TopformerNetwork, classes: number): Network =>
  (context, image) => {
    const { graph } = context
    const { levels, global } = backbone(context, image, network)
    const injected = injectedLevels(context, levels, global, network)
    const logits = head(context, injected, { classes, depthwise: network.depthwiseHead })
    return context.mode === 'training' ? logits : resizeBilinear(graph, logits, image, { alignCorners: true })
  }

/** The levels of the token pyramid [N,C,.,.] of an image, and their scale-aware global semantics [N,C,h,w]. */
export function backbone(
  context: LayerContext,
  image: Value,
  network: TopformerNetwork,
): { readonly levels: readonly Value[]; readonly global: readonly Value[] } {
  const levels = context.graph.within('pyramid', () => pyramid(context, image, network)).slice(1)
  return { levels, global: semantics(context, tokensOf(context, levels), network) }
}

/** The output of each stage. */
function pyramid(context: LayerContext, image: Value, network: TopformerNetwork): readonly Value[] {
  const first = stem(context, image, network)
  return inTurn(first, network.stages, (input, blocks, i) =>
    context.graph.within(
      `stage${i}`,
      () => inTurn(input, blocks, (x, block, j) => pyramidBlock(context, x, block, j, network)).at(-1)!,
    ),
  )
}

const stem = (
  context: LayerContext,
  image: Value,
  { stem: channels, activation }: Pick<TopformerNetwork, 'stem' | 'activation'>,
): Value => convBn(context, 'stem', image, { channels, kernel: 3, stride: 2, activation })

const pyramidBlock = (
  context: LayerContext,
  x: Value,
  block: PyramidBlock,
  index: number,
  { activation }: Pick<TopformerNetwork, 'activation'>,
): Value => context.graph.within(`block${index}`, () => mbConv(context, x, { ...block, activation }))

function injectedLevels(
  context: LayerContext,
  levels: readonly Value[],
  global: readonly Value[],
  { injection: channels }: TopformerNetwork,
): readonly Value[] {
  return INJECTED.map((level) =>
    inject(context, `injection/level${level}`, levels[level]!, global[level]!, channels),
  )
}
