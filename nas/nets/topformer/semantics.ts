import type { Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { concat } from '../../graph/ops/concat.ts'
import { gridPool } from '../../graph/ops/grid-pool.ts'
import { slice } from '../../graph/ops/slice.ts'
import { inTurn, type LayerContext } from '../layers.ts'
import { attention } from './attention.ts'
import { mlp } from './mlp.ts'

/** Transformer blocks that are alike. */
export interface TransformerStage {
  readonly heads: number
  /** Channels of a query and of a key, by head. */
  readonly keyDim: number
  /** Channels of a value over those of a key. */
  readonly attentionRatio: number
  /** Hidden channels of the MLP over those of the tokens. */
  readonly mlpRatio: number
  readonly depth: number
}

/** From the last level to the tokens. */
export const TOKEN_STRIDE = 2

/** Tokens [N,ΣC,h,w] of all levels [N,C,.,.], pooled to half the size of the last (TopFormer, section 3.1). */
export const tokensOf = ({ graph }: LayerContext, levels: readonly Value[]): readonly Value[] =>
  levels.map((level) => gridPool(graph, level, { like: levels.at(-1)!, stride: TOKEN_STRIDE }))

/** Scale-aware global semantics of tokens, level by level (section 3.2). */
export function semantics(
  context: LayerContext,
  levels: readonly Value[],
  options: { readonly transformers: readonly TransformerStage[]; readonly attentionScale: boolean },
): readonly Value[] {
  const { graph } = context
  const widths = levels.map(({ type }) => type.shape[1]!)
  const tokens = inTurn(
    concat(graph, levels, 1),
    options.transformers,
    (x, stage, i) =>
      inTurn(x, Array<TransformerStage>(stage.depth).fill(stage), (x, stage, j) =>
        graph.within(`semantics/stage${i}/block${j}`, () =>
          transformerBlock(context, x, { stage, widths, attentionScale: options.attentionScale }),
        ),
      ).at(-1)!,
  ).at(-1)!
  return split(context, tokens, widths)
}

/** The channels of each level. */
function split({ graph }: LayerContext, tokens: Value, widths: readonly number[]): readonly Value[] {
  const { shape } = tokens.type
  let end = 0
  return widths.map((width) => {
    const start = end
    end += width
    return slice(graph, tokens, { starts: [0, start, 0, 0], ends: shape.with(1, end) })
  })
}

export interface TransformerBlock {
  readonly stage: Omit<TransformerStage, 'depth'>
  /** Channels of the tokens by level. */
  readonly widths: readonly number[]
  readonly attentionScale: boolean
}

/** x + attention(x), then x + mlp(x), on tokens [N,C,h,w]. */
export function transformerBlock(context: LayerContext, x: Value, block: TransformerBlock): Value {
  const attended = add(
    context.graph,
    x,
    context.graph.within('attention', () => attention(context, x, block)),
  )
  return add(
    context.graph,
    attended,
    context.graph.within('mlp', () => mlp(context, attended, block)),
  )
}
