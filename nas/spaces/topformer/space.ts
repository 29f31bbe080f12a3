import { contentHash } from '../../hash.ts'
import type { Random } from '../../random.ts'
import type { ConvolutionStage, TopformerGenotype, TransformerStage } from './genotype.ts'
import { choicesOf, fromNumbers, numbersOf } from './numbers.ts'

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

/** The halves that coordinate descent searches in turn (section 3.2): the ViT first, as in the released code. */
export const HALVES = ['vit', 'cnn'] as const
export type Half = (typeof HALVES)[number]

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

/** The network whose every number is the highest: its parameters are those of the supernet. */
export const largest = (space: TopformerSpace): TopformerGenotype => choose(space, (list) => list.at(-1)!)

export const smallest = (space: TopformerSpace): TopformerGenotype => choose(space, (list) => list[0]!)

/** Uniform over the networks of a space. */
export const sample = (space: TopformerSpace, rng: Random): TopformerGenotype =>
  choose(space, (list) => rng.pick(list))

const choose = (space: TopformerSpace, pick: (list: readonly number[]) => number): TopformerGenotype =>
  fromNumbers(
    space,
    choicesOf(space).map(({ choices }) => pick(choices)),
  )

/** One half of each of two networks. */
export const combine = (cnn: TopformerGenotype, vit: TopformerGenotype): TopformerGenotype => ({
  ...cnn,
  transformers: vit.transformers,
})

/** What is wrong with a network that is not of a space; undefined where it is of it. */
export function whyOutside(space: TopformerSpace, genotype: TopformerGenotype): string | undefined {
  const choices = [...choicesOf(space), { name: 'injection', choices: [space.injection] }]
  const numbers = [...numbersOf(genotype), genotype.injection]
  const at = choices.findIndex(({ choices }, i) => !choices.includes(numbers[i]!))
  const outside = choices[at]
  return outside && `${outside.name}: ${numbers[at]} is not one of ${outside.choices.join(', ')}`
}

/** Names a network: all runs that share a store call it so. */
export const genotypeKey = (genotype: TopformerGenotype): string => contentHash(genotype)
