import type { Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'
import { convBn, depthwiseBn, type LayerContext, pointwiseWithBias } from '../layers.ts'

interface Head {
  readonly classes: number
  readonly depthwise: boolean
}

/** The simple head (TopFormer, section 3.4): levels [N,C,.,.] add up at the size of the first; to logits [N,classes,H,W] of it. */
export const head = (context: LayerContext, levels: readonly Value[], { classes, depthwise }: Head): Value =>
  context.graph.within('head', () => {
    const { graph } = context
    const [first, ...coarser] = levels as [Value, ...Value[]]
    const sum = coarser.reduce(
      (total, level) => add(graph, total, resizeBilinear(graph, level, first, { alignCorners: false })),
      first,
    )
    const fused = depthwise
      ? depthwiseBn(context, 'fuse', sum, { kernel: 1, activation: 'relu' })
      : convBn(context, 'fuse', sum, { channels: first.type.shape[1]!, activation: 'relu' })
    return pointwiseWithBias(context, 'logits', fused, classes, { kind: 'truncated-normal', deviation: 0.01 })
  })
