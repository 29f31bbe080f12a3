import { contentHash } from '../../hash.ts'
import type { Random } from '../../random.ts'
import {
  type ConvolutionStage,
  SPACE,
  type TopformerGenotype,
  type TransformerStage,
  topformerGenotypeSchema,
} from './genotype.ts'

/** What can be chosen for a number of each stage: lists, increasing. */
type Choices<Stage> = { readonly [K in keyof Stage]: readonly Stage[K][] }
export type ConvolutionChoices = Choices<ConvolutionStage>
export type TransformerChoices = Choices<TransformerStage>

/** A search space (section 3.1, Table 1). All blocks of a stage share its kernel, expansion and width. */
export interface TopformerSpace {
  readonly stem: readonly number[]
  /** MBConv-1 to MBConv-5. */
  readonly convolutions: readonly ConvolutionChoices[]
  /** ViT-1 to ViT-4. */
  readonly transformers: readonly TransformerChoices[]
  /** Channels of injected semantics and of the head: not searched. */
  readonly injection: number
}

/* What every network of the space has, from the released code. */

/** Of MBConv-1 to MBConv-5, after a stem of stride 2. */
export const STRIDES = [1, 2, 2, 2, 2] as const
/** Stages, from 0, whose outputs are the token pyramid: MBConv-2 to MBConv-5. */
export const PYRAMID = [1, 2, 3, 4] as const
/** Levels of the pyramid, from 0, that semantics are injected into. */
export const INJECTED = [1, 2, 3] as const
/** From the last level of the pyramid to the tokens that the transformer reads. */
export const TOKEN_STRIDE = 2

/** The halves that coordinate descent searches in turn (section 3.2). */
export type Half = 'cnn' | 'vit'

export interface SpaceSize {
  readonly cnn: bigint
  readonly vit: bigint
  readonly all: bigint
}

const combinations = (lists: readonly (readonly unknown[])[]): bigint =>
  lists.reduce((product, { length }) => product * BigInt(length), 1n)

/** Exact: |CNN|, |ViT| and their product. */
export function spaceSize(space: TopformerSpace): SpaceSize {
  const cnn = combinations([space.stem, ...space.convolutions.flatMap((stage) => Object.values(stage))])
  const vit = combinations(space.transformers.flatMap((stage) => Object.values(stage)))
  return { cnn, vit, all: cnn * vit }
}

/** Chooses of each list of a space, in a fixed order. */
function choose(space: TopformerSpace, pick: <T>(list: readonly T[]) => T): TopformerGenotype {
  return {
    space: SPACE,
    version: 1,
    stem: pick(space.stem),
    convolutions: space.convolutions.map(({ width, depth, kernel, expansion }) => ({
      width: pick(width),
      depth: pick(depth),
      kernel: pick(kernel),
      expansion: pick(expansion),
    })),
    transformers: space.transformers.map(({ heads, keyDim, attentionRatio, mlpRatio, depth }) => ({
      heads: pick(heads),
      keyDim: pick(keyDim),
      attentionRatio: pick(attentionRatio),
      mlpRatio: pick(mlpRatio),
      depth: pick(depth),
    })),
    injection: space.injection,
  }
}

/** The network whose every number is the highest: its parameters are those of the supernet. */
export const largest = (space: TopformerSpace): TopformerGenotype => choose(space, (list) => list.at(-1)!)

export const smallest = (space: TopformerSpace): TopformerGenotype => choose(space, (list) => list[0]!)

/** Uniform over the networks of a space. */
export const sample = (space: TopformerSpace, rng: Random): TopformerGenotype =>
  choose(space, (list) => rng.pick(list))

/** One half of each of two networks. */
export const combine = (cnn: TopformerGenotype, vit: TopformerGenotype): TopformerGenotype => ({
  ...cnn,
  transformers: vit.transformers,
})

/** What is wrong with a network that is not of a space; undefined where it is of it. */
export function whyOutside(space: TopformerSpace, genotype: TopformerGenotype): string | undefined {
  const numbers: [what: string, value: number, choices: readonly number[]][] = [
    ['stem', genotype.stem, space.stem],
    ['injection', genotype.injection, [space.injection]],
    ...genotype.convolutions.flatMap((stage, i) =>
      CONVOLUTION_NUMBERS.map((what): [string, number, readonly number[]] => [
        `MBConv-${i + 1}, ${what}`,
        stage[what],
        space.convolutions[i]![what],
      ]),
    ),
    ...genotype.transformers.flatMap((stage, i) =>
      TRANSFORMER_NUMBERS.map((what): [string, number, readonly number[]] => [
        `ViT-${i + 1}, ${what}`,
        stage[what],
        space.transformers[i]![what],
      ]),
    ),
  ]
  const outside = numbers.find(([, value, choices]) => !choices.includes(value))
  return outside && `${outside[0]}: ${outside[1]} is not one of ${outside[2].join(', ')}`
}

const CONVOLUTION_NUMBERS = ['width', 'depth', 'kernel', 'expansion'] as const
const TRANSFORMER_NUMBERS = ['heads', 'keyDim', 'attentionRatio', 'mlpRatio', 'depth'] as const

/** Names a network: all runs that share a store call it so. */
export const genotypeKey = (genotype: TopformerGenotype): string =>
  contentHash(topformerGenotypeSchema.parse(genotype))
