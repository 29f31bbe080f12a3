import { type Architecture, genotypeOf } from './architecture.ts'
import type { DenseNasGenotype } from './genotype.ts'
import { type ArchitectureParameters, relax } from './relaxation.ts'
import { blocksOf, type DenseNasSpace } from './space.ts'
import { viterbi } from './viterbi.ts'

/** An architecture, and the probability of its path. */
export interface Derivation {
  readonly architecture: Architecture
  readonly probability: number
}

/**
 * The result of a search (section 3.3.1): the most probable path, and in each layer on it the operation with the largest
 * parameter.
 * @throws TrellisError `invalid-genotype` where the parameters have diverged.
 */
export function derive(space: DenseNasSpace, parameters: ArchitectureParameters): Derivation {
  const blocks = blocksOf(space)
  // The last block has no outputs.
  const paths = relax(parameters).paths.slice(0, blocks.length - 1)
  const { nodes, probability } = viterbi(
    paths.map((probabilities, i) =>
      Object.fromEntries(probabilities.map((probability, k) => [blocks[i]!.outputs[k]!, probability])),
    ),
  )
  const steps = nodes.slice(1)
  const heads = steps.map((block, step) =>
    argmax(parameters.head[block]![blocks[block]!.inputs.indexOf(nodes[step]!)]!),
  )
  const stacks = steps.map((block) => parameters.stack[block]!.map(argmax))
  return { architecture: { path: nodes, heads, stacks }, probability }
}

/** The network that a search has found. @throws TrellisError `invalid-genotype` where the parameters have diverged. */
export const decode = (space: DenseNasSpace, parameters: ArchitectureParameters): DenseNasGenotype =>
  genotypeOf(space, derive(space, parameters).architecture)

/** The first of the largest. */
const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values))
