import type { Value } from '../../graph/graph.ts'
import { matmul } from '../../graph/ops/matmul.ts'
import { mergeHeads } from '../../graph/ops/merge-heads.ts'
import { mul } from '../../graph/ops/mul.ts'
import { relu6 } from '../../graph/ops/relu6.ts'
import { softmax } from '../../graph/ops/softmax.ts'
import { splitHeads } from '../../graph/ops/split-heads.ts'
import { convBn, type LayerContext } from '../layers.ts'
import type { TransformerBlock, TransformerStage } from './semantics.ts'

/** Channels of a value, by head. */
export const valueDim = ({
  keyDim,
  attentionRatio,
}: Pick<TransformerStage, 'keyDim' | 'attentionRatio'>): number => Math.trunc(attentionRatio * keyDim)

/** Attention over all positions of tokens [N,C,h,w] (TopFormer, section 3.2): relu6, and a projection whose scales start at 0. */
export function attention(context: LayerContext, x: Value, block: TransformerBlock): Value {
  const { graph } = context
  const { stage, widths, attentionScale } = block
  const { heads, keyDim } = stage
  const byHead = (channels: number) => Array<number>(heads).fill(channels)
  const projected = (name: string, channels: number) => {
    const y = convBn(context, name, x, {
      channels: heads * channels,
      activation: 'linear',
      inputs: widths,
      outputs: byHead(channels),
    })
    return splitHeads(graph, y, heads)
  }
  const query = projected('query', keyDim)
  const key = projected('key', keyDim)
  const value = projected('value', valueDim(stage))
  const products = matmul(graph, query, key, { a: true, b: false })
  const scaled = attentionScale ? mul(graph, products, graph.scalar(keyDim ** -0.5)) : products
  const mixed = matmul(graph, value, softmax(graph, scaled, 3), { a: false, b: true })
  return convBn(context, 'project', relu6(graph, mergeHeads(graph, mixed, x)), {
    channels: x.type.shape[1]!,
    activation: 'linear',
    scale: 0,
    inputs: byHead(valueDim(stage)),
    outputs: widths,
  })
}
