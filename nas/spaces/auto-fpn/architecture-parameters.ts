import { TrellisError } from '../../errors.ts'
import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import { softmax } from '../../graph/ops/softmax.ts'
import type { Tensors } from '../../tensor.ts'
import type { PerCandidate } from './cost.ts'
import { type AutoFpnGenotype, SPACE } from './genotype.ts'
import { CELL_LINKS } from './links.ts'
import { HEAD_OPERATORS, NECK_OPERATORS } from './operators.ts'
import type { AutoFpnDimensions } from './space.ts'

/** Alpha of a neck, by layer, and beta of a head, by cell; empty for a module that is not searched. */
export interface ArchitectureParameters<T = PerCandidate> {
  readonly alpha: T
  readonly beta: T
}

const nameOfAlpha = (layer: number) => `neck/layer${layer}/alpha`
const nameOfBeta = (cell: number) => `head/cell${cell}/beta`

/**
 * Declares the architecture parameters of a search, [n², 8] a layer and [14, 8] a cell, and adds their softmax over the operators
 * (section 3.2). They start almost equal, as in DARTS.
 * @param relax another relaxation of the parameters of that name
 * @returns the softmax of each, in order
 */
export function architectureWeights(
  graph: GraphBuilder,
  { neck, head }: AutoFpnDimensions,
  relax: (parameters: Value, name: string) => Value = (parameters) => softmax(graph, parameters, 1),
): ArchitectureParameters<readonly Value[]> {
  const weights = (name: string, links: number, operators: readonly string[]) => {
    const parameters = graph.parameter(name, {
      dtype: 'float32',
      shape: [links, operators.length],
      role: 'arch',
      initialiser: { kind: 'truncated-normal', deviation: 1e-3 },
    })
    return relax(parameters, name)
  }
  return {
    alpha: range(neck?.layers).map((l) => weights(nameOfAlpha(l), neck!.levels ** 2, NECK_OPERATORS)),
    beta: range(head?.cells).map((m) => weights(nameOfBeta(m), CELL_LINKS.length, HEAD_OPERATORS)),
  }
}

/** The architecture parameters of a search: their names and shapes. */
export const architectureTypes = ({ neck, head }: AutoFpnDimensions) => [
  ...range(neck?.layers).map((l) => ({
    name: nameOfAlpha(l),
    shape: [neck!.levels ** 2, NECK_OPERATORS.length],
  })),
  ...range(head?.cells).map((m) => ({
    name: nameOfBeta(m),
    shape: [CELL_LINKS.length, HEAD_OPERATORS.length],
  })),
]

/** The architecture parameters in the state of a search. */
export const architectureParametersOf = (
  { neck, head }: AutoFpnDimensions,
  state: Tensors,
): ArchitectureParameters => ({
  alpha: range(neck?.layers).map((l) => rowsOf(state[nameOfAlpha(l)]!.data, NECK_OPERATORS.length)),
  beta: range(head?.cells).map((m) => rowsOf(state[nameOfBeta(m)]!.data, HEAD_OPERATORS.length)),
})

/**
 * The result of a search (section 3.2): of every link the operator with the largest parameter, of equal ones the first.
 * @throws TrellisError `invalid-genotype` where the parameters have diverged
 */
export function decode(
  { neck, head }: AutoFpnDimensions,
  { alpha, beta }: ArchitectureParameters,
): AutoFpnGenotype {
  return {
    space: SPACE,
    version: 1,
    ...(neck && {
      neck: { levels: neck.levels, layers: alpha.map((links) => strongest(links, NECK_OPERATORS)) },
    }),
    ...(head && { head: { cells: beta.map((links) => strongest(links, HEAD_OPERATORS)) } }),
  }
}

const strongest = <O extends string>(
  links: readonly (readonly number[])[],
  operators: readonly O[],
): readonly O[] =>
  links.map((parameters) => {
    if (!parameters.every(Number.isFinite))
      throw new TrellisError('invalid-genotype', 'the architecture parameters of this search have diverged', {
        fix: 'lower the learning rate of the architecture',
      })
    return operators[parameters.indexOf(Math.max(...parameters))]!
  })

const range = (length = 0): readonly number[] => [...Array(length).keys()]

const rowsOf = (data: ArrayLike<number>, length: number): readonly (readonly number[])[] =>
  Array.from({ length: data.length / length }, (_, row) =>
    Array.from({ length }, (_, i) => data[row * length + i]!),
  )
