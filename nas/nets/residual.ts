import type { Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { relu } from '../graph/ops/relu.ts'
import { convBn, type LayerContext } from './layers.ts'

interface Residual {
  readonly channels: number
  readonly stride: number
  /** Of the convolution that has the stride, and of one after it; 1 by default (see `Atrous`). */
  readonly dilation?: number
  readonly dilationAfter?: number
}

/** Output channels of a bottleneck over its inner channels, where these are in one group. */
const EXPANSION = 4

/** The 3x3 convolution of a ResNeXt (arXiv 1611.05431, section 3.3): 32 groups that are 8 channels wide in the first stage, for 32x8d. */
export interface Cardinality {
  readonly groups: number
  readonly width: number
}

/** Channels of a bottleneck in the first stage, of one group. */
const FIRST = 64

/** Fig. 5, left, of ResNet (arXiv 1512.03385): [N,C,H,W] to [N,channels,H',W']. */
export function basicBlock(
  context: LayerContext,
  input: Value,
  { channels, stride, dilation = 1, dilationAfter = 1 }: Residual,
): Value {
  const first = convBn(context, 'first', input, {
    channels,
    kernel: 3,
    stride,
    dilation: [dilation, dilation],
    activation: 'relu',
  })
  const second = convBn(context, 'second', first, {
    channels,
    kernel: 3,
    dilation: [dilationAfter, dilationAfter],
    activation: 'linear',
  })
  return addShortcut(context, input, second, stride)
}

/**
 * Fig. 5, right: [N,C,H,W] to [N,4*channels,H',W']. The stride is in the 3x3 convolution, where every released
 * 4.09 GMAdd ResNet-50 has it.
 */
export function bottleneck(
  context: LayerContext,
  input: Value,
  {
    channels,
    stride,
    dilation = 1,
    cardinality: { groups, width } = { groups: 1, width: FIRST },
  }: Residual & { readonly cardinality?: Cardinality | undefined },
): Value {
  const inner = (channels / FIRST) * width * groups
  const reduced = convBn(context, 'reduce', input, { channels: inner, activation: 'relu' })
  const filtered = convBn(context, 'spatial', reduced, {
    channels: inner,
    groups,
    kernel: 3,
    stride,
    dilation: [dilation, dilation],
    activation: 'relu',
  })
  const expanded = convBn(context, 'expand', filtered, {
    channels: EXPANSION * channels,
    activation: 'linear',
  })
  return addShortcut(context, input, expanded, stride)
}

/** The skip connection: a projection where shapes differ (option B of section 3.3). */
function addShortcut(context: LayerContext, input: Value, output: Value, stride: number): Value {
  const channels = output.type.shape[1]!
  const shortcut =
    stride === 1 && input.type.shape[1] === channels
      ? input
      : convBn(context, 'shortcut', input, { channels, stride, activation: 'linear' })
  return relu(context.graph, add(context.graph, output, shortcut))
}
