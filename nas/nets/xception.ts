import type { Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { relu } from '../graph/ops/relu.ts'
import { atrous, type OutputStride } from './atrous.ts'
import { classifier, convBn, depthwiseBn, inTurn, type LayerContext } from './layers.ts'

/**
 * Modified Aligned Xception: DeepLab v3+ (arXiv 1802.02611, Fig. 4), and as released in tensorflow/models,
 * research/deeplab/core/xception.py. A network is the list of its modules.
 */
export type Xception = readonly XceptionModule[]

interface XceptionModule {
  /** Output channels of its three separable convolutions; the last has the stride. */
  readonly channels: readonly [number, number, number]
  readonly stride: number
  /**
   * The skip connection: a 1x1 convolution, the sum with the input, or none. With one, a ReLU comes before each separable
   * convolution; without, ReLUs follow all convolutions.
   */
  readonly skip: 'conv' | 'sum' | 'none'
}

const entry = (channels: number, stride: number): XceptionModule => ({
  channels: [channels, channels, channels],
  stride,
  skip: 'conv',
})
const MIDDLE_FLOW = Array.from(
  { length: 16 },
  (): XceptionModule => ({ channels: [728, 728, 728], stride: 1, skip: 'sum' }),
)
const EXIT_FLOW: Xception = [
  { channels: [728, 1024, 1024], stride: 2, skip: 'conv' },
  { channels: [1536, 1536, 2048], stride: 1, skip: 'none' },
]

export const XCEPTION_65: Xception = [
  ...[entry(128, 2), entry(256, 2), entry(728, 2)],
  ...MIDDLE_FLOW,
  ...EXIT_FLOW,
]
export const XCEPTION_71: Xception = [
  ...[entry(128, 2), entry(256, 1), entry(256, 2), entry(728, 1), entry(728, 2)],
  ...MIDDLE_FLOW,
  ...EXIT_FLOW,
]

/** Of its batch normalisations as released: with another, trained weights give other features. */
const EPSILON = 1e-3

/** The outputs of the modules, the last [N,2048,H/outputStride,W/outputStride], sizes rounded up, of an image [N,3,H,W]. */
export function xceptionModules(
  layers: LayerContext,
  image: Value,
  network: Xception,
  outputStride: OutputStride,
): readonly Value[] {
  const { graph } = layers
  const context = { ...layers, batchNorm: { ...layers.batchNorm, epsilon: EPSILON } }
  const applied = atrous(
    network.map(({ stride }) => stride),
    { reached: 2, outputStride },
  )
  return graph.within('backbone', () => {
    const first = convBn(context, 'stem0', image, { channels: 32, kernel: 3, stride: 2, activation: 'relu' })
    const stem = convBn(context, 'stem1', first, { channels: 64, kernel: 3, activation: 'relu' })
    return inTurn(stem, network, (x, module, i) =>
      graph.within(`block${i}`, () => xceptionModule(context, x, { ...module, ...applied[i]! })),
    )
  })
}

/** The classifier: [N,3,H,W] to logits [N,classes]. */
export const xception = (context: LayerContext, image: Value, network: Xception, classes: number): Value =>
  classifier(context, xceptionModules(context, image, network, 32).at(-1)!, classes)

function xceptionModule(
  context: LayerContext,
  input: Value,
  module: XceptionModule & { readonly dilation: number },
): Value {
  const { graph } = context
  const { channels, stride, skip, dilation } = module
  const activation = skip === 'none' ? 'relu' : 'linear'
  const output = channels.reduce(
    (x, channels, i) =>
      graph.within(`separable${i}`, () => {
        const filtered = depthwiseBn(context, 'depthwise', skip === 'none' ? x : relu(graph, x), {
          kernel: 3,
          stride: i === 2 ? stride : 1,
          dilation: [dilation, dilation],
          activation,
        })
        return convBn(context, 'pointwise', filtered, { channels, activation })
      }),
    input,
  )
  if (skip === 'none') return output
  const shortcut =
    skip === 'sum'
      ? input
      : convBn(context, 'shortcut', input, { channels: channels[2], stride, activation: 'linear' })
  return add(graph, output, shortcut)
}
