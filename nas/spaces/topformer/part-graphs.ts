import { GraphBuilder } from '../../graph/builder.ts'
import type { Graph, Value } from '../../graph/graph.ts'
import { gridPool } from '../../graph/ops/grid-pool.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'
import { convBn, type LayerContext } from '../../nets/layers.ts'
import { type MbConv, mbConv } from '../../nets/mbconv.ts'
import { attention } from '../../nets/topformer/attention.ts'
import { head } from '../../nets/topformer/head.ts'
import { inject } from '../../nets/topformer/injection.ts'
import { mlp } from '../../nets/topformer/mlp.ts'
import { INJECTED } from '../../nets/topformer/network.ts'
import { TOKEN_STRIDE, type TransformerBlock } from '../../nets/topformer/semantics.ts'
import { halved, type TopformerTask, tokenSide } from './cost.ts'
import { PART, tokenWidths } from './parts.ts'
import { PYRAMID, STRIDES, type TopformerSpace } from './space.ts'
import { EPSILON } from './supernet.ts'

type Size = readonly [height: number, width: number]

interface Options extends Pick<TopformerTask, 'size' | 'classes'> {
  readonly attentionScale: boolean
}

type Part = readonly [name: string, graph: Graph]

/** A graph for one image of each part of the networks of a space, by its name. */
export function partGraphs(space: TopformerSpace, options: Options): ReadonlyMap<string, Graph> {
  let before: Size = [halved(options.size[0]), halved(options.size[1])]
  const stages = space.convolutions.map((_, i) => {
    const sizes = {
      before,
      after: STRIDES[i] === 1 ? before : ([halved(before[0]), halved(before[1])] as const),
    }
    before = sizes.after
    return sizes
  })
  const grid: Size = [tokenSide(before[0]), tokenSide(before[1])]
  return new Map([
    ...stemParts(space, options),
    ...stages.flatMap((sizes, i) => [...convolutionParts(space, i, sizes)]),
    ...transformerParts(space, grid, options),
    ...levelParts(
      space,
      PYRAMID.map((stage) => stages[stage]!.after),
      grid,
      options,
    ),
  ])
}

const stemParts = ({ stem }: TopformerSpace, { size }: Options): readonly Part[] =>
  stem.map((channels) => [
    PART.stem(channels),
    alone([[3, ...size]], (context, [x]) =>
      convBn(context, 'stem', x!, { channels, kernel: 3, stride: 2, activation: 'relu6' }),
    ),
  ])

function* convolutionParts(
  { stem, convolutions }: TopformerSpace,
  i: number,
  { before, after }: { readonly before: Size; readonly after: Size },
): Iterable<Part> {
  const { width: widths, kernel: kernels, expansion: expansions, depth } = convolutions[i]!
  const block = (from: number, size: Size, options: MbConv) =>
    alone([[from, ...size]], (context, [x]) => mbConv(context, x!, options))
  for (const width of widths)
    for (const kernel of kernels)
      for (const expansion of expansions) {
        const options = { kernel, expansion, channels: width }
        const choice = { kernel, expansion, width }
        for (const from of i === 0 ? stem : convolutions[i - 1]!.width)
          yield [PART.first(i, from, choice), block(from, before, { ...options, stride: STRIDES[i]! })]
        if (depth.at(-1)! > 1) yield [PART.next(i, choice), block(width, after, { ...options, stride: 1 })]
      }
}

function* transformerParts(space: TopformerSpace, grid: Size, { attentionScale }: Options): Iterable<Part> {
  const [keyDim, attentionRatio, mlpRatio, heads] = [1, 1, 1, 1]
  for (const tokens of tokenWidths(space)) {
    const layer = (of: typeof attention | typeof mlp, stage: TransformerBlock['stage']) =>
      alone([[tokens, ...grid]], (context, [x]) =>
        of(context, x!, { stage, widths: [tokens], attentionScale }),
      )
    for (const choices of space.transformers) {
      for (const ratio of choices.mlpRatio) {
        const stage = { heads, keyDim, attentionRatio, mlpRatio: ratio }
        yield [PART.mlp(tokens, stage), layer(mlp, stage)]
      }
      for (const count of choices.heads)
        for (const dim of choices.keyDim)
          for (const ratio of choices.attentionRatio) {
            const stage = { heads: count, keyDim: dim, attentionRatio: ratio, mlpRatio }
            yield [PART.attention(tokens, stage), layer(attention, stage)]
          }
    }
  }
}

/** @param sizes of the levels of the pyramid */
function* levelParts(
  { convolutions, injection }: TopformerSpace,
  sizes: readonly Size[],
  grid: Size,
  { size, classes }: Options,
): Iterable<Part> {
  const isInjected = (level: number) => (INJECTED as readonly number[]).includes(level)
  for (const [level, stage] of PYRAMID.entries())
    for (const channels of convolutions[stage]!.width)
      yield [
        PART.level(level, channels),
        alone(
          [sizes[level]!, sizes.at(-1)!, grid].map((of) => [channels, ...of]),
          (context, [x, last, semantics]) => {
            const tokens = gridPool(context.graph, x!, { like: last!, stride: TOKEN_STRIDE })
            return isInjected(level)
              ? [tokens, inject(context, 'injection', x!, semantics!, injection)]
              : [tokens]
          },
        ),
      ]
  yield [
    PART.head,
    alone(
      INJECTED.map((level) => [injection, ...sizes[level]!]),
      (context, levels) =>
        resizeBilinear(context.graph, head(context, levels, { classes, depthwise: false }), size, {
          alignCorners: true,
        }),
    ),
  ]
}

/** A graph of its own, from maps [1,C,H,W] of these shapes without the one. */
function alone(
  shapes: readonly (readonly number[])[],
  part: (context: LayerContext, inputs: readonly Value[]) => Value | readonly Value[],
): Graph {
  const graph = new GraphBuilder()
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: EPSILON } } as const
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, { dtype: 'float32', shape: [1, ...shape] }))
  const outputs = [part(context, inputs)].flat() as readonly Value[]
  return graph.build(Object.fromEntries(outputs.map((output, i) => [`y${i}`, output])))
}
