import { same } from '../../graph/convolution.ts'
import type { Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { conv2d } from '../../graph/ops/conv2d.ts'
import { relu6 } from '../../graph/ops/relu6.ts'
import { convBn, type LayerContext } from '../layers.ts'
import { parameterIn, perChannel } from '../parameters.ts'
import type { TransformerBlock } from './semantics.ts'

export const hiddenChannels = (channels: number, mlpRatio: number): number => Math.trunc(channels * mlpRatio)

/** A feed-forward layer on tokens [N,C,h,w], with a depthwise 3x3 convolution with bias between its 1x1 ones. */
export function mlp(context: LayerContext, x: Value, { stage, widths }: TransformerBlock): Value {
  const { graph } = context
  const channels = x.type.shape[1]!
  const expanded = convBn(context, 'expand', x, {
    channels: hiddenChannels(channels, stage.mlpRatio),
    activation: 'linear',
    inputs: widths,
  })
  const hidden = relu6(graph, depthwiseWithBias(context, expanded))
  return convBn(context, 'project', hidden, {
    channels,
    activation: 'linear',
    outputs: widths,
  })
}

const depthwiseWithBias = (context: LayerContext, x: Value): Value =>
  context.graph.within('depthwise', () => {
    const { graph } = context
    const channels = x.type.shape[1]!
    const weight = parameterIn(context, 'weight', {
      dtype: 'float32',
      shape: [channels, 1, 3, 3],
      role: 'weight',
      decayed: false,
      initialiser: { kind: 'he-normal', fanOut: 9 },
    })
    const y = conv2d(graph, x, weight, same([3, 3], { groups: channels }))
    return add(graph, y, perChannel(context, 'bias', { shape: [channels, 1, 1], value: 0 }))
  })
