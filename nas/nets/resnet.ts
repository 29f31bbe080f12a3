import type { Value } from '../graph/graph.ts'
import { maxPool } from '../graph/ops/max-pool.ts'
import { classifier, convBn, type LayerContext } from './layers.ts'
import { bottleneck } from './residual.ts'

/** Table 1 of ResNet (arXiv 1512.03385), the 50-layer column: conv2_x to conv5_x. */
const STAGES = [
  { channels: 64, blocks: 3, stride: 1 },
  { channels: 128, blocks: 4, stride: 2 },
  { channels: 256, blocks: 6, stride: 2 },
  { channels: 512, blocks: 3, stride: 2 },
] as const

const BLOCKS = STAGES.flatMap(({ channels, blocks, stride }, stage) =>
  Array.from({ length: blocks }, (_, i) => ({
    scope: `stage${stage}/block${i}`,
    channels,
    stride: i === 0 ? stride : 1,
  })),
)

/** The ResNet-50 classifier: [N,3,H,W] to logits [N,classes]. */
export function resNet50(
  context: LayerContext,
  image: Value,
  { classes }: { readonly classes: number },
): Value {
  const { graph } = context
  const features = graph.within('backbone', () => {
    const stem = convBn(context, 'stem', image, { channels: 64, kernel: 7, stride: 2, activation: 'relu' })
    const pooled = maxPool(graph, stem, { kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] })
    return BLOCKS.reduce(
      (x, { scope, channels, stride }) =>
        graph.within(scope, () => bottleneck(context, x, { channels, stride })),
      pooled,
    )
  })
  return classifier(context, features, classes)
}
