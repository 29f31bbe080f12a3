import type { GraphBuilder } from '../graph/builder.ts'
import type { Value } from '../graph/graph.ts'
import { gridPool } from '../graph/ops/grid-pool.ts'
import { maxPool } from '../graph/ops/max-pool.ts'
import { relu } from '../graph/ops/relu.ts'
import { reshape } from '../graph/ops/reshape.ts'
import { sizeOf } from '../tensor.ts'
import { atrous, type OutputStride } from './atrous.ts'
import { convWithBias, linear } from './detection/layers.ts'
import { inTurn, type LayerContext } from './layers.ts'

/** How many convolutions each of the five stages of a VGG has (arXiv 1409.1556, Table 1): its columns D and E, without normalisation. */
export type Vgg = readonly [number, number, number, number, number]

export const VGG_16: Vgg = [2, 2, 3, 3, 3]
export const VGG_19: Vgg = [2, 2, 4, 4, 4]

const CHANNELS = [64, 128, 256, 512, 512] as const

/** The convolutions in order; the first of a stage but the first reads what was pooled. */
export const vggConvolutions = (network: Vgg) =>
  network.flatMap((count, stage) =>
    Array.from({ length: count }, (_, i) => ({
      stage,
      i,
      channels: CHANNELS[stage]!,
      isPooled: i === 0 && stage > 0,
    })),
  )

/**
 * The outputs of the convolutions of an image [N,3,H,W], after ReLU, the last [N,512,H/outputStride,W/outputStride], sizes rounded
 * up. Of stride 32 is what the last pooling gives.
 * @throws RangeError for an output stride of 4, where poolings would have to be dilated
 */
export function vggOutputs(
  { graph }: Pick<LayerContext, 'graph'>,
  image: Value,
  network: Vgg,
  outputStride: OutputStride,
): readonly Value[] {
  if (outputStride === 4) throw new RangeError('a VGG has no output stride of 4')
  const convolutions = vggConvolutions(network)
  const applied = atrous(
    convolutions.map(({ isPooled }) => (isPooled ? 2 : 1)),
    { reached: 1, outputStride },
  )
  return graph.within('backbone', () => {
    const outputs = inTurn(image, convolutions, (x, { stage, i, channels, isPooled }, at) => {
      const { stride, dilationAfter } = applied[at]!
      const filter = { channels, kernel: 3, dilation: dilationAfter }
      const input = isPooled ? halved(graph, x, stride) : x
      const initialiser = { kind: 'he-normal', fanOut: 9 * input.type.shape[1]! } as const
      return relu(graph, convWithBias(graph, `stage${stage}/conv${i}`, input, { ...filter, initialiser }))
    })
    return outputStride === 32 ? [...outputs, halved(graph, outputs.at(-1)!, 2)] : outputs
  })
}

/** Windows of 2x2, which reach beyond the right and bottom edges where sizes are rounded up. @param stride 1 where the resolution stays */
function halved(graph: GraphBuilder, x: Value, stride: number): Value {
  const beyond = (axis: 2 | 3) => (stride === 1 ? 1 : x.type.shape[axis]! % 2)
  return maxPool(graph, x, {
    kernel: [2, 2],
    stride: [stride, stride],
    padding: [0, 0, beyond(2), beyond(3)],
  })
}

/** Places along the map that the classifier reads, for images of any size. */
const CLASSIFIED = 7
const HIDDEN = 4096

/** The classifier: [N,3,H,W] to logits [N,classes]. */
export function vgg(context: LayerContext, image: Value, network: Vgg, classes: number): Value {
  const { graph } = context
  const features = vggOutputs(context, image, network, 32).at(-1)!
  return graph.within('classifier', () => {
    const pooled = gridPool(graph, features, [CLASSIFIED, CLASSIFIED])
    const [n, ...map] = pooled.type.shape as [number, ...number[]]
    const fullyConnected = (x: Value, scope: string, channels: number) =>
      linear(graph, scope, x, { channels, initialiser: { kind: 'truncated-normal', deviation: 0.01 } })
    const hidden = ['hidden0', 'hidden1'].reduce(
      (x, scope) => relu(graph, fullyConnected(x, scope, HIDDEN)),
      reshape(graph, pooled, [n, sizeOf(map)]),
    )
    return fullyConnected(hidden, 'logits', classes)
  })
}
