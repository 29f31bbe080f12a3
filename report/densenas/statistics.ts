import { mean } from 'simple-statistics'
import type { Relaxation } from '../../nas/spaces/densenas/relaxation.ts'

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
