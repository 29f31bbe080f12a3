import { valueDim } from '../../nets/topformer/attention.ts'
import type { ConvolutionStage, TopformerGenotype, TransformerStage } from './genotype.ts'
import { PYRAMID, type TopformerSpace } from './space.ts'

/*
 * The latency of a network is estimated as the sum over its parts, each of which is measured once for a space: the stem, each block of
 * convolutions by what it reads and its choices, attention and feed-forward layers, what becomes of each level of the pyramid, the head.
 * Tokens have as many widths as sums of those of all levels: of these the least and the most are measured, and what lies between is
 * interpolated.
 */

/** Milliseconds by the name of a part, and the widths of tokens, least and most, at which transformer layers are measured. */
export interface PartLatencies {
  readonly tokens: readonly [least: number, most: number]
  readonly parts: Readonly<Record<string, number>>
}

type Block = Pick<ConvolutionStage, 'width' | 'kernel' | 'expansion'>

/** Names of parts, which tell them apart. */
export const PART = {
  stem: (width: number) => `stem/${width}`,
  /** @param from channels that it reads */
  first: (stage: number, from: number, { width, kernel, expansion }: Block) =>
    `stage${stage}/first/${from}-${width}/k${kernel}/e${expansion}`,
  next: (stage: number, { width, kernel, expansion }: Block) =>
    `stage${stage}/next/${width}/k${kernel}/e${expansion}`,
  attention: (tokens: number, stage: Pick<TransformerStage, 'heads' | 'keyDim' | 'attentionRatio'>) =>
    `attention/${tokens}/${stage.heads}x${stage.keyDim}-${valueDim(stage)}`,
  mlp: (tokens: number, { mlpRatio }: Pick<TransformerStage, 'mlpRatio'>) => `mlp/${tokens}/${mlpRatio}`,
  /** Its tokens, and the semantics that are injected into it. */
  level: (level: number, width: number) => `level${level}/${width}`,
  head: 'head',
} as const

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** The widths of tokens of the narrowest and of the widest pyramid. */
export const tokenWidths = ({ convolutions }: TopformerSpace): readonly [least: number, most: number] => [
  sum(PYRAMID.map((stage) => convolutions[stage]!.width[0]!)),
  sum(PYRAMID.map((stage) => convolutions[stage]!.width.at(-1)!)),
]

/** @throws RangeError for a network with a part that was not measured */
export function latencyOf(
  { stem, convolutions, transformers }: TopformerGenotype,
  { tokens: [least, most], parts }: PartLatencies,
): number {
  const of = (part: string): number => {
    const latency = parts[part]
    if (latency === undefined) throw new RangeError(`part ${part} was not measured`)
    return latency
  }
  const widths = PYRAMID.map((stage) => convolutions[stage]!.width)
  const share = least === most ? 0 : (sum(widths) - least) / (most - least)
  const between = (part: (tokens: number) => string) =>
    share === 0 ? of(part(least)) : (1 - share) * of(part(least)) + share * of(part(most))
  return sum([
    of(PART.stem(stem)),
    ...convolutions.flatMap((stage, i) => {
      const from = i === 0 ? stem : convolutions[i - 1]!.width
      const first = of(PART.first(i, from, stage))
      return stage.depth === 1 ? [first] : [first, (stage.depth - 1) * of(PART.next(i, stage))]
    }),
    ...transformers.map(
      (stage) =>
        stage.depth *
        (between((tokens) => PART.attention(tokens, stage)) + between((tokens) => PART.mlp(tokens, stage))),
    ),
    ...widths.map((width, level) => of(PART.level(level, width))),
    of(PART.head),
  ])
}
