import { percent } from '../../report/format.ts'

/** Of these, at most so many are told. */
const MOST = 5

export interface ClassProbability {
  readonly name: string
  readonly probability: number
}

/** The most probable classes, the first first. */
export const likeliest = (
  probabilities: Float32Array,
  classes: readonly string[],
): readonly ClassProbability[] =>
  classes
    .map((name, label) => ({ name, probability: probabilities[label]! }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST)

export const likeliestInWords = (classes: readonly ClassProbability[]): string =>
  classes.map(({ name, probability }) => `${name} ${percent(probability)}`).join(', ')
