import type { DenseNasBlock, DenseNasGenotype } from './genotype.ts'
import { type ArchitectureParameters, relax } from './relaxation.ts'
import { blocksOf, type DenseNasSpace } from './space.ts'
import { viterbi } from './viterbi.ts'

/**
 * The architecture that a search has found (section 3.3.1): the most probable path, and in each layer on it the
 * operation with the largest parameter. Skipped layers are dropped.
 * @throws TrellisError `invalid-genotype` where the parameters have diverged.
 */
export function decode(space: DenseNasSpace, parameters: ArchitectureParameters): DenseNasGenotype {
  const blocks = blocksOf(space)
  const { paths } = relax(parameters)
  const { nodes } = viterbi(
    paths.map((probabilities, i) =>
      Object.fromEntries(probabilities.map((probability, k) => [blocks[i]!.outputs[k]!, probability])),
    ),
  )
  const found = nodes.slice(1, -1).map((i, step): DenseNasBlock => {
    const { width, stride, inputs } = blocks[i]!
    const from = nodes[step]!
    return {
      width,
      stride: stride === blocks[from]!.stride ? 1 : 2,
      head: space.operations[argmax(parameters.head[i]![inputs.indexOf(from)]!)]!,
      // To skip is the last candidate, beyond the operations.
      stack: parameters.stack[i]!.flatMap((alpha) => space.operations[argmax(alpha)] ?? []),
    }
  })
  const stem = blocks[0]!.width
  return {
    space: 'densenas',
    version: 1,
    stem,
    blocks: [{ width: stem, stride: 1, head: 'mbconv_k3_t1', stack: [] }, ...found],
    last: space.last,
  }
}

/** The first of the largest. */
const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values))
