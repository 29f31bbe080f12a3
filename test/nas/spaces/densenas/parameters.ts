import fc from 'fast-check'
import { type DenseNasGenotype, OPERATIONS, SKIP } from '../../../../nas/spaces/densenas/genotype.ts'
import type { ArchitectureParameters } from '../../../../nas/spaces/densenas/relaxation.ts'
import { blocksOf, type DenseNasSpace } from '../../../../nas/spaces/densenas/space.ts'

/** Spaces with few enough paths to list them. */
export const smallSpace: fc.Arbitrary<DenseNasSpace> = fc
  .record({
    operations: fc.uniqueArray(fc.constantFrom(...OPERATIONS), { minLength: 1, maxLength: 3 }),
    blocks: fc.array(
      fc.record({ count: fc.integer({ min: 1, max: 3 }), layers: fc.nat(2), halves: fc.boolean() }),
      { minLength: 1, maxLength: 4 },
    ),
    reach: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ operations, blocks, reach }) => {
    let [stride, width] = [2, 8]
    const stages = blocks.map(({ count, layers, halves }) => {
      stride *= halves ? 2 : 1
      return { stride, layers, widths: Array.from({ length: count }, () => (width += 8)) }
    })
    return { operations, stages: [{ stride: 2, widths: [8], layers: 0 }, ...stages], reach, last: 1000 }
  })
  // Without dead ends: a stage of another reach or stride may be out of reach.
  .filter((space) =>
    blocksOf(space).every(({ outputs }, i, { length }) => i === length - 1 || outputs.length > 0),
  )

/** Every path from the first block to the last, by depth-first search. */
export function pathsOf(space: DenseNasSpace): number[][] {
  const blocks = blocksOf(space)
  const from = (i: number): number[][] =>
    i === blocks.length - 1 ? [[i]] : blocks[i]!.outputs.flatMap((j) => from(j).map((rest) => [i, ...rest]))
  return from(0)
}

/** Numbers in the shape of a space's parameters. */
export function parametersOf(space: DenseNasSpace, draw: () => number): ArchitectureParameters {
  const blocks = blocksOf(space)
  const numbers = (length: number) => Array.from({ length }, draw)
  const n = space.operations.length
  return {
    beta: blocks.slice(0, -1).map(({ outputs }) => numbers(outputs.length)),
    head: blocks.map(({ inputs }, i) => inputs.map(() => numbers(i === blocks.length - 1 ? 1 : n))),
    stack: blocks.map(({ layers }, i) =>
      i === 0 ? [] : Array.from({ length: layers }, () => numbers(n + 1)),
    ),
  }
}

const CHOSEN = 20

/** Parameters that choose a network of a space: large on its path and for its operations, 0 elsewhere. */
export function parametersFor(
  space: DenseNasSpace,
  { blocks: chosen, last }: DenseNasGenotype,
): ArchitectureParameters {
  const blocks = blocksOf(space)
  const widths = [...chosen.map(({ width }) => width), last]
  const chosenFrom = (width: number) => chosen.find((block) => block.width === width)
  const follows = (from: number, to: number) => {
    const at = widths.indexOf(blocks[from]!.width)
    return at >= 0 && widths[at + 1] === blocks[to]!.width
  }
  const oneHot = (candidates: readonly string[], choice: string | undefined) =>
    candidates.map((candidate) => (candidate === choice ? CHOSEN : 0))
  return {
    beta: blocks.slice(0, -1).map(({ outputs }, i) => outputs.map((j) => (follows(i, j) ? CHOSEN : 0))),
    head: blocks.map(({ inputs, width }, i) =>
      inputs.map((from) =>
        i === blocks.length - 1
          ? [0]
          : oneHot(space.operations, follows(from, i) ? chosenFrom(width)?.head : undefined),
      ),
    ),
    stack: blocks.map(({ width, layers }, i) =>
      i === 0
        ? []
        : Array.from({ length: layers }, (_, layer) =>
            oneHot([...space.operations, SKIP], chosenFrom(width)?.stack[layer] ?? SKIP),
          ),
    ),
  }
}
