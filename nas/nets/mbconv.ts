import type { Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { sameShape } from '../tensor.ts'
import { convBn, depthwiseBn, type LayerContext } from './layers.ts'

export interface MbConv {
  /** Side of the depthwise kernel. */
  readonly kernel: number
  /** t: the channels of the depthwise convolution over those of the input. */
  readonly expansion: number
  readonly channels: number
  readonly stride: number
  readonly dilation?: number
  /** Whether there is a skip connection where input and output have one shape; true by default. */
  readonly residual?: boolean
  /** relu6 by default. */
  readonly activation?: 'relu' | 'relu6'
}

/** The inverted residual with linear bottleneck (MobileNetV2, arXiv 1801.04381, Fig. 4 d): [N,C,H,W] to [N,channels,H',W']. */
export function mbConv(
  context: LayerContext,
  input: Value,
  { kernel, expansion, channels, stride, dilation = 1, residual = true, activation = 'relu6' }: MbConv,
): Value {
  const expanded =
    expansion === 1
      ? input
      : convBn(context, 'expand', input, {
          channels: input.type.shape[1]! * expansion,
          activation,
        })
  const filtered = depthwiseBn(context, 'depthwise', expanded, {
    kernel,
    stride,
    dilation: [dilation, dilation],
    activation,
  })
  const projected = convBn(context, 'project', filtered, { channels, activation: 'linear' })
  const { skip = identity } = context
  const skipped = residual ? skip(input, projected) : undefined
  return skipped === undefined ? projected : add(context.graph, skipped, projected)
}

/** The skip connection of blocks that keep the shape. */
export const identity = (input: Value, output: Value): Value | undefined =>
  sameShape(input.type.shape, output.type.shape) ? input : undefined
