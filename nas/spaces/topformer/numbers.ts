import { type ConvolutionStage, SPACE, type TopformerGenotype, type TransformerStage } from './genotype.ts'
import type { TopformerSpace } from './space.ts'

const CONVOLUTION = ['width', 'depth', 'kernel', 'expansion'] as const satisfies (keyof ConvolutionStage)[]
const TRANSFORMER = [
  'heads',
  'keyDim',
  'attentionRatio',
  'mlpRatio',
  'depth',
] as const satisfies (keyof TransformerStage)[]

interface Choice {
  readonly name: string
  readonly choices: readonly number[]
}

/** Everything that is chosen, in a fixed order: of the CNN, then of the ViT. */
export const choicesOf = ({ stem, convolutions, transformers }: TopformerSpace): readonly Choice[] => [
  { name: 'stem', choices: stem },
  ...convolutions.flatMap((stage, i) =>
    CONVOLUTION.map((key) => ({ name: `MBConv-${i + 1}, ${key}`, choices: stage[key] })),
  ),
  ...transformers.flatMap((stage, i) =>
    TRANSFORMER.map((key) => ({ name: `ViT-${i + 1}, ${key}`, choices: stage[key] })),
  ),
]

/** What a network has chosen, in the same order. */
export const numbersOf = ({ stem, convolutions, transformers }: TopformerGenotype): readonly number[] => [
  stem,
  ...convolutions.flatMap((stage) => CONVOLUTION.map((key) => stage[key])),
  ...transformers.flatMap((stage) => TRANSFORMER.map((key) => stage[key])),
]

/** The network that has chosen these numbers. */
export function fromNumbers(space: TopformerSpace, numbers: readonly number[]): TopformerGenotype {
  const [stem, ...rest] = numbers
  const next = <const K extends string>(keys: readonly K[]) =>
    Object.fromEntries(keys.map((key) => [key, rest.shift()])) as Record<K, number>
  return {
    space: SPACE,
    version: 1,
    stem: stem!,
    convolutions: space.convolutions.map(() => next(CONVOLUTION) as ConvolutionStage),
    transformers: space.transformers.map(() => next(TRANSFORMER)),
    injection: space.injection,
  }
}
