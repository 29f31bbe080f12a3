import { isDeepStrictEqual } from 'node:util'
import { canonicalJson, contentHash } from '../../hash.ts'
import type { Random } from '../../random.ts'
import type { Space } from '../space.ts'
import {
  type DpcBranch,
  type DpcGenotype,
  type DpcOperation,
  dpcGenotypeSchema,
  FEATURES,
  GRIDS,
  RATES,
} from './genotype.ts'

const pairs = <T>(values: readonly T[]) => values.flatMap((h) => values.map((w) => [h, w] as const))

/** OP of section 3.1: 1 + 8 * 8 + 4 * 4 = 81 operations. */
export const DPC_OPERATIONS: readonly DpcOperation[] = [
  { kind: 'conv1x1' },
  ...pairs(RATES).map((rate) => ({ kind: 'atrous', rate }) as const),
  ...pairs(GRIDS).map((grid) => ({ kind: 'pyramid-pooling', grid }) as const),
]

/** X_i: the features and all earlier branches. */
const inputsOf = (branch: number): readonly number[] =>
  Array.from({ length: branch + 1 }, (_, i) => i + FEATURES)

const cellOf = (branches: readonly DpcBranch[]): DpcGenotype => ({ space: 'dpc', version: 1, branches })

/** All cells of B branches: B! * 81^B of them, 4.2e11 for the paper's 5. */
export function dpcSpace(branches = 5): Space<DpcGenotype> {
  return {
    name: 'dpc',
    schema: dpcGenotypeSchema.refine((genotype) => genotype.branches.length === branches, {
      path: ['branches'],
      error: `not a cell of ${branches} branches`,
    }),
    size: Array.from({ length: branches }, (_, i) =>
      BigInt(inputsOf(i).length * DPC_OPERATIONS.length),
    ).reduce((size, options) => size * options),
    genes: genesOf(branches).length,
    sample: (rng) =>
      cellOf(
        Array.from({ length: branches }, (_, i) => ({
          input: rng.pick(inputsOf(i)),
          operation: rng.pick(DPC_OPERATIONS),
        })),
      ),
    mutate,
    key,
  }
}

/** A gene is a branch's operation or its input. The first branch's input is none: it can only be F. */
const genesOf = (branches: number) =>
  Array.from({ length: branches }, (_, branch) => [
    { branch, part: 'operation' as const },
    ...(branch > 0 ? [{ branch, part: 'input' as const }] : []),
  ]).flat()

function mutate({ branches }: DpcGenotype, rng: Random, genes = 1): DpcGenotype {
  const all = genesOf(branches.length)
  if (genes > all.length) throw new RangeError(`change ${genes} genes of ${all.length}`)
  const mutated = [...branches]
  for (const { branch, part } of rng.shuffle(all).slice(0, genes)) {
    const old = mutated[branch]!
    mutated[branch] =
      part === 'input'
        ? { ...old, input: pickOther(rng, inputsOf(branch), old.input) }
        : { ...old, operation: pickOther(rng, DPC_OPERATIONS, old.operation) }
  }
  return cellOf(mutated)
}

/** Uniform over the choices that are not the present one. */
function pickOther<T>(rng: Random, choices: readonly T[], present: T): T {
  const choice = rng.pick(choices)
  return isDeepStrictEqual(choice, present) ? pickOther(rng, choices, present) : choice
}

/**
 * Cells that differ only in the order of their branches share a key. Their concatenations are the same channels in
 * another order, which the 1x1 projection after them undoes, so they are one family of functions.
 */
const key = ({ branches }: DpcGenotype): string =>
  contentHash({ space: 'dpc', version: 1, tree: canonicalTree(branches, FEATURES) })

/**
 * A branch has one input, so a cell is a tree that grows from F. Two labelled trees are isomorphic if and only if these
 * strings are equal: each node's subtrees, sorted (Aho, Hopcroft and Ullman 1974, section 3.2).
 */
function canonicalTree(branches: readonly DpcBranch[], root: number): string {
  const subtrees = branches.flatMap(({ input, operation }, i) =>
    input === root ? [canonicalJson(operation) + canonicalTree(branches, i)] : [],
  )
  return `(${subtrees.sort().join('')})`
}
