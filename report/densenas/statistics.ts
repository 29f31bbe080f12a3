import { mean } from 'simple-statistics'
import type { ComparedNetwork, Comparison } from '../../nas/pipelines/densenas/comparison.ts'
import type { Relaxation } from '../../nas/spaces/densenas/relaxation.ts'
import { COLOURS } from '../plot.ts'

/** A network that was trained, with a short name unlike all others. */
export interface Contestant extends ComparedNetwork {
  readonly name: string
  /** Top-1 of the seeds whose training succeeded. */
  readonly seeds: readonly number[]
}

/** Best first, by the mean over seeds; those with a failed training last. */
export function contestants({ contenders }: Comparison): readonly Contestant[] {
  let random = 0
  const nameOf = ({ role, network }: ComparedNetwork) => {
    if (role === 'random') return `random path ${++random}`
    return network.kind === 'mobilenet-v2' ? `MobileNetV2 × ${network.width.toFixed(2)}` : 'the network found'
  }
  return contenders
    .map((contender) => ({
      ...contender,
      name: nameOf(contender),
      seeds: contender.trials.flatMap(({ score }) => score ?? []),
    }))
    .sort((a, b) => (b.score ?? -1) - (a.score ?? -1))
}

export const colourOf = ({ role }: ComparedNetwork): string =>
  ({ derived: COLOURS.winner, random: COLOURS.trial, 'mobilenet-v2': COLOURS.baseline })[role]

/** Baselines of one kind, taken together. */
export interface Rivals {
  readonly name: string
  /** Mean over those that could be trained. */
  readonly score: number
  /** Of every network and seed. */
  readonly seeds: readonly number[]
}

/** The random paths as one, and MobileNetV2; without those that could not be trained. */
export function rivals(comparison: Comparison): readonly Rivals[] {
  const trained = contestants(comparison).filter(({ score }) => score !== null)
  const together = (role: ComparedNetwork['role'], nameOf: (n: number) => string): readonly Rivals[] => {
    const those = trained.filter((each) => each.role === role)
    if (those.length === 0) return []
    const score = mean(those.map((each) => each.score!))
    return [{ name: nameOf(those.length), score, seeds: those.flatMap(({ seeds }) => seeds) }]
  }
  return [
    ...together('random', (n) => (n === 1 ? 'a random path' : `the mean of ${n} random paths`)),
    ...together('mobilenet-v2', () => 'MobileNetV2'),
  ]
}

/** The entropy of a distribution over that of the uniform one: 1 where all is open, 0 where all is decided. */
export function openness(probabilities: readonly number[]): number {
  const entropy = probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
  return entropy / Math.log(probabilities.length)
}

/** Means over the blocks and over the layers that have a choice; 0 where none has. */
export const opennessOf = ({ paths, head, stack }: Relaxation): { paths: number; operations: number } => {
  const over = (distributions: readonly (readonly number[])[]) => {
    const choices = distributions.filter(({ length }) => length > 1)
    return choices.length === 0 ? 0 : mean(choices.map(openness))
  }
  return { paths: over(paths), operations: over([...head.flat(), ...stack.flat()]) }
}
