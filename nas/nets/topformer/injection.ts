import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { mul } from '../../graph/ops/mul.ts'
import { relu6 } from '../../graph/ops/relu6.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'
import { convBn, type LayerContext } from '../layers.ts'

/**
 * Injects semantics into a level of the pyramid (TopFormer, section 3.3): local · gate + global, of which gate and global are
 * computed at the size of the tokens and enlarged.
 * @param level [N,C,H,W]; @param global its semantics [N,C,h,w]; @returns [N,channels,H,W]
 */
export const inject = (
  context: LayerContext,
  scope: string,
  level: Value,
  global: Value,
  channels: number,
): Value =>
  context.graph.within(scope, () => {
    const { graph } = context
    const projected = (name: string, x: Value) => convBn(context, name, x, { channels, activation: 'linear' })
    const enlarged = (x: Value) => resizeBilinear(graph, x, level, { alignCorners: false })
    const local = projected('local', level)
    const gate = enlarged(hardSigmoid(graph, projected('gate', global)))
    return add(graph, mul(graph, local, gate), enlarged(projected('global', global)))
  })

/** relu6(x + 3) / 6 (MobileNetV3, arXiv 1905.02244, section 5.2). */
const hardSigmoid = (graph: GraphBuilder, x: Value): Value =>
  mul(graph, relu6(graph, add(graph, x, graph.scalar(3))), graph.scalar(1 / 6))
