import type { Random } from '../../random.ts'
import type { CostTable } from './expected-cost.ts'
import type { DenseNasBlock, DenseNasGenotype } from './genotype.ts'
import { blocksOf, type DenseNasSpace } from './space.ts'

/** A point of a space, by indices into it: a path, and a candidate for each layer on it. */
export interface Architecture {
  /** Blocks, from the first to the last convolution. */
  readonly path: readonly number[]
  /** By step of the path: the operation of the head layer; of the last step there is one alone. */
  readonly heads: readonly number[]
  /** By step of the path: the operations of the stacking layers, where the number of operations stands for none. */
  readonly stacks: readonly (readonly number[])[]
}

/** Draws a path, whose connections are uniform among those of their block, and its operations, uniform too. */
export function sampleArchitecture(space: DenseNasSpace, rng: Random): Architecture {
  const blocks = blocksOf(space)
  const operations = space.operations.length
  const path = [0]
  while (blocks[path.at(-1)!]!.outputs.length > 0) path.push(rng.pick(blocks[path.at(-1)!]!.outputs))
  const steps = path.slice(1)
  return {
    path,
    heads: steps.map((block) => (block === blocks.length - 1 ? 0 : rng.integer(operations))),
    stacks: steps.map((block) =>
      Array.from({ length: blocks[block]!.layers }, () => rng.integer(operations + 1)),
    ),
  }
}

/** The network of an architecture, without the layers that it skips. */
export function genotypeOf(space: DenseNasSpace, { path, heads, stacks }: Architecture): DenseNasGenotype {
  const blocks = blocksOf(space)
  const stem = blocks[0]!.width
  const searched = path.slice(1, -1).map((block, step): DenseNasBlock => {
    const { width, stride } = blocks[block]!
    return {
      width,
      stride: stride === blocks[path[step]!]!.stride ? 1 : 2,
      head: space.operations[heads[step]!]!,
      stack: stacks[step]!.flatMap((operation) => space.operations[operation] ?? []),
    }
  })
  return {
    space: 'densenas',
    version: 1,
    stem,
    blocks: [{ width: stem, stride: 1, head: 'mbconv_k3_t1', stack: [] }, ...searched],
    last: space.last,
  }
}

/** The cost of an architecture by a table, in the unit of the table. */
export function costOf(
  space: DenseNasSpace,
  { path, heads, stacks }: Architecture,
  costs: CostTable,
): number {
  const blocks = blocksOf(space)
  const parts = path.slice(1).flatMap((block, step) => {
    const input = blocks[block]!.inputs.indexOf(path[step]!)
    return [
      costs.head[block]![input]![heads[step]!]!,
      ...stacks[step]!.map((operation, layer) => costs.stack[block]![layer]![operation]!),
    ]
  })
  return parts.reduce((sum, part) => sum + part, costs.fixed)
}
