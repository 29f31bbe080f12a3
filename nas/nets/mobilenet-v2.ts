import type { Value } from '../graph/graph.ts'
import { atrous, type OutputStride } from './atrous.ts'
import { classifier, convBn, inTurn, type LayerContext } from './layers.ts'
import { type MbConv, mbConv } from './mbconv.ts'

export interface MobileNetV2 {
  /** Width multiplier. */
  readonly width: number
  readonly outputStride: OutputStride
}

interface Stage {
  readonly expansion: number
  readonly channels: number
  readonly blocks: number
  readonly stride: number
}

/** Table 2 of MobileNetV2 (arXiv 1801.04381): t, c, n, s. */
export const STAGES: readonly Stage[] = [
  { expansion: 1, channels: 16, blocks: 1, stride: 1 },
  { expansion: 6, channels: 24, blocks: 2, stride: 2 },
  { expansion: 6, channels: 32, blocks: 3, stride: 2 },
  { expansion: 6, channels: 64, blocks: 4, stride: 2 },
  { expansion: 6, channels: 96, blocks: 3, stride: 1 },
  { expansion: 6, channels: 160, blocks: 3, stride: 2 },
  { expansion: 6, channels: 320, blocks: 1, stride: 1 },
]

/**
 * The outputs of the bottlenecks. The last is the backbone F of DPC: [N,3,H,W] to [N, 320 * width, H/outputStride, W/outputStride],
 * sizes rounded up. Beyond the output stride, strides become dilations (DeepLab v3, arXiv 1706.05587, section 3.1).
 */
export const mobileNetV2Blocks = (
  context: LayerContext,
  image: Value,
  options: MobileNetV2,
): readonly Value[] => backbone(context, image, options, STAGES)

function backbone(
  context: LayerContext,
  image: Value,
  options: MobileNetV2,
  stages: readonly Stage[],
): readonly Value[] {
  const { graph } = context
  return graph.within('backbone', () => {
    const channels = roundedTo8(32 * options.width)
    const stem = convBn(context, 'stem', image, { channels, kernel: 3, stride: 2, activation: 'relu6' })
    return inTurn(stem, bottlenecks(options, stages), (x, block, i) =>
      graph.within(`block${i}`, () => mbConv(context, x, block)),
    )
  })
}

export interface MobileNetV2Classifier {
  readonly width: number
  readonly classes: number
  /**
   * The output stride: 32 as published. For small images it can be lower: the first stages then have stride 1, so that the
   * features of 32x32 pixels at stride 8 are 16x16, 8x8 and 4x4. Layers are as published.
   */
  readonly stride?: OutputStride
}

/** The whole classifier: [N,3,H,W] to logits [N,classes]. */
export function mobileNetV2(
  context: LayerContext,
  image: Value,
  { width, classes, stride = 32 }: MobileNetV2Classifier,
): Value {
  const features = backbone(context, image, { width, outputStride: 32 }, stagesTo(stride)).at(-1)!
  const last = convBn(context, 'backbone/last', features, {
    channels: roundedTo8(1280 * Math.max(1, width)),
    activation: 'relu6',
  })
  return classifier(context, last, classes)
}

/** The stages, the first with stride 1, for an output stride; the stem has stride 2 always. */
function stagesTo(stride: OutputStride): readonly Stage[] {
  let excess = 32 / stride
  return STAGES.map((stage) => {
    if (excess === 1 || stage.stride === 1) return stage
    excess /= stage.stride
    return { ...stage, stride: 1 }
  })
}

function bottlenecks({ width, outputStride }: MobileNetV2, stages: readonly Stage[]): readonly MbConv[] {
  const blocks = stages.flatMap((stage) =>
    Array.from({ length: stage.blocks }, (_, i) => ({ ...stage, stride: i === 0 ? stage.stride : 1 })),
  )
  const applied = atrous(
    blocks.map(({ stride }) => stride),
    { reached: 2, outputStride },
  )
  return blocks.map(({ expansion, channels, stride: published }, i) => {
    const { stride, dilation } = applied[i]!
    return {
      kernel: 3,
      expansion,
      channels: roundedTo8(channels * width),
      stride,
      dilation,
      // A block whose stride became a dilation has no skip connection, as the strided block has none.
      residual: published === 1,
    }
  })
}

/** The nearest multiple of 8, at least 8, that is at least nine tenths of `channels`. */
function roundedTo8(channels: number): number {
  const nearest = Math.max(8, Math.floor((channels + 4) / 8) * 8)
  return nearest < 0.9 * channels ? nearest + 8 : nearest
}
