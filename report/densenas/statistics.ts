import { mean } from 'simple-statistics'
import type { Relaxation } from '../../nas/spaces/densenas/relaxation.ts'

/** Entropy over that of the uniform distribution: 1 where all outcomes are equally probable, 0 where one is certain. */
export function normalisedEntropy(probabilities: readonly number[]): number {
  const entropy = probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
  return entropy / Math.log(probabilities.length)
}

/** Mean normalised entropies over the blocks and over the layers that have a choice; 0 where none has. */
export const meanEntropies = ({ paths, head, stack }: Relaxation): { paths: number; operations: number } => {
  const over = (distributions: readonly (readonly number[])[]) => {
    const choices = distributions.filter(({ length }) => length > 1)
    return choices.length === 0 ? 0 : mean(choices.map(normalisedEntropy))
  }
  return { paths: over(paths), operations: over([...head.flat(), ...stack.flat()]) }
}
