import type { Value } from '../graph/graph.ts'
import { maxPool } from '../graph/ops/max-pool.ts'
import { atrous, type OutputStride } from './atrous.ts'
import { classifier, convBn, inTurn, type LayerContext } from './layers.ts'
import { basicBlock, bottleneck, type Cardinality } from './residual.ts'

/** A column of Table 1 of ResNet (arXiv 1512.03385): its blocks, and how many of them conv2_x to conv5_x have. */
export interface ResNet {
  readonly block: 'basic' | 'bottleneck'
  readonly depths: readonly [number, number, number, number]
  /** Of the bottlenecks of a ResNeXt. */
  readonly cardinality?: Cardinality
}

export const RESNET_18: ResNet = { block: 'basic', depths: [2, 2, 2, 2] }
export const RESNET_50: ResNet = { block: 'bottleneck', depths: [3, 4, 6, 3] }
export const RESNET_101: ResNet = { block: 'bottleneck', depths: [3, 4, 23, 3] }
/** ResNeXt-101 32x8d, as torchvision has it. */
export const RESNEXT_101: ResNet = { ...RESNET_101, cardinality: { groups: 32, width: 8 } }

/** Channels of a block inside, and the stride of the first, by stage. */
const STAGES = [
  { channels: 64, stride: 1 },
  { channels: 128, stride: 2 },
  { channels: 256, stride: 2 },
  { channels: 512, stride: 2 },
] as const

const BLOCKS = { basic: basicBlock, bottleneck }

/** Those of a network in order, each with its place, from 0. */
export const resNetBlocks = ({ block, depths }: ResNet) =>
  depths.flatMap((depth, stage) =>
    Array.from({ length: depth }, (_, i) => ({
      stage,
      i,
      channels: STAGES[stage]!.channels,
      stride: i === 0 ? STAGES[stage]!.stride : 1,
      // That of conv2_x reads as many channels as it gives, unless it is a bottleneck.
      hasProjection: i === 0 && (stage > 0 || block === 'bottleneck'),
    })),
  )

/** The outputs of the blocks, the last [N, 512 or 2048, H/outputStride, W/outputStride], sizes rounded up, of an image [N,3,H,W]. */
export function resNetOutputs(
  context: LayerContext,
  image: Value,
  network: ResNet,
  outputStride: OutputStride,
): readonly Value[] {
  const { graph } = context
  const blocks = resNetBlocks(network)
  const applied = atrous(
    blocks.map(({ stride }) => stride),
    { reached: 4, outputStride },
  )
  return graph.within('backbone', () => {
    const stem = convBn(context, 'stem', image, { channels: 64, kernel: 7, stride: 2, activation: 'relu' })
    const pooled = maxPool(graph, stem, { kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] })
    return inTurn(pooled, blocks, (x, { stage, i, channels }, at) =>
      graph.within(`stage${stage}/block${i}`, () =>
        BLOCKS[network.block](context, x, {
          channels,
          ...applied[at]!,
          cardinality: network.cardinality,
        }),
      ),
    )
  })
}

/** The classifier: [N,3,H,W] to logits [N,classes]. */
export const resNet = (context: LayerContext, image: Value, network: ResNet, classes: number): Value =>
  classifier(context, resNetOutputs(context, image, network, 32).at(-1)!, classes)
