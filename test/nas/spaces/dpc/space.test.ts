import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../../nas/hash.ts'
import { random } from '../../../../nas/random.ts'
import type { DpcGenotype } from '../../../../nas/spaces/dpc/genotype.ts'
import { KNOWN_CELLS } from '../../../../nas/spaces/dpc/known.ts'
import { DPC_OPERATIONS, dpcSpace } from '../../../../nas/spaces/dpc/space.ts'
import { genesApart } from './genes-apart.ts'

/** Relabels branches: the one at position i goes to position order[i]. Undefined where a branch would come before its input. */
function reorder({ branches }: DpcGenotype, order: readonly number[]): DpcGenotype | undefined {
  const moved = [...branches]
  for (const [i, { input, operation }] of branches.entries()) {
    moved[order[i]!] = { input: input === -1 ? -1 : order[input]!, operation }
  }
  if (moved.some(({ input }, i) => input >= i)) return undefined
  return { space: 'dpc', version: 1, branches: moved }
}

const permutations = (n: number): readonly number[][] =>
  n === 0
    ? [[]]
    : permutations(n - 1).flatMap((p) => Array.from({ length: n }, (_, i) => p.toSpliced(i, 0, n - 1)))

/** Cells of four branches over two rates: few enough that equal networks are common. */
const smallCell = fc
  .tuple(
    ...[0, 1, 2, 3].map((i) => fc.tuple(fc.integer({ min: -1, max: i - 1 }), fc.integer({ min: 0, max: 1 }))),
  )
  .map(
    (genes): DpcGenotype => ({
      space: 'dpc',
      version: 1,
      branches: genes.map(([input, operation]) => ({ input, operation: DPC_OPERATIONS[1 + operation]! })),
    }),
  )

const space = dpcSpace()

describe('the DPC space', () => {
  it('has the size of the paper', () => {
    expect(space.size).toBe(418_414_128_120n)
    expect(dpcSpace(1).size).toBe(81n)
    expect(new Set(DPC_OPERATIONS.map(canonicalJson)).size).toBe(81)
  })

  it('holds the known cells, and no cell with another number of branches', () => {
    for (const cell of Object.values(KNOWN_CELLS)) {
      expect(space.schema.parse(cell)).toEqual(cell)
      expect(dpcSpace(4).schema.safeParse(cell).success).toBe(false)
    }
  })

  it('samples valid cells', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 8 }), (seed, branches) => {
        const small = dpcSpace(branches)
        const cell = small.sample(random(seed))
        expect(small.schema.parse(cell)).toEqual(cell)
      }),
    )
  })

  it('samples uniformly', () => {
    const draws = 20_000
    const counts = new Map<string, number>()
    const rng = random(1)
    for (let i = 0; i < draws; i++) {
      const last = space.sample(rng).branches[4]!
      const gene = canonicalJson(last)
      counts.set(gene, (counts.get(gene) ?? 0) + 1)
    }
    const expected = draws / (5 * 81)
    let chiSquared = (5 * 81 - counts.size) * expected
    for (const count of counts.values()) chiSquared += (count - expected) ** 2 / expected
    // 404 degrees of freedom: the 99.9th percentile is 496.
    expect(chiSquared).toBeLessThan(496)
  })

  it('mutates exactly as many genes as asked, into a valid cell', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 6 }), fc.nat(), (seed, branches, more) => {
        const small = dpcSpace(branches)
        const genes = 1 + (more % small.genes)
        const cell = small.sample(random(seed, 'cell'))
        const mutated = small.mutate(cell, random(seed, 'mutate'), genes)
        expect(genesApart(cell, mutated)).toBe(genes)
        expect(small.schema.parse(mutated)).toEqual(mutated)
      }),
    )
  })

  it('can mutate every gene, whatever the notation it was read from', () => {
    const cell = space.schema.parse(JSON.parse(JSON.stringify(KNOWN_CELLS.aspp)))
    const rng = random(1)
    const changed = new Set<string>()
    for (let i = 0; i < 2000; i++) {
      const mutated = space.mutate(cell, rng)
      expect(genesApart(cell, mutated)).toBe(1)
      for (const [at, branch] of mutated.branches.entries()) {
        if (branch.input !== cell.branches[at]!.input) changed.add(`input ${at}`)
        else if (!isDeepStrictEqual(branch, cell.branches[at])) changed.add(`operation ${at}`)
      }
    }
    expect(changed.size).toBe(9)
    expect(space.genes).toBe(9)
    expect(() => space.mutate(cell, rng, 10)).toThrow(RangeError)
  })

  it('gives equal keys to two cells exactly if they differ in the order of branches alone', () => {
    const orders = permutations(4)
    let equal = 0
    fc.assert(
      fc.property(smallCell, smallCell, (a, b) => {
        const same = orders.some((order) => canonicalJson(reorder(a, order)) === canonicalJson(b))
        if (same) equal++
        expect(space.key(a) === space.key(b)).toBe(same)
      }),
      { numRuns: 2000, seed: 1 },
    )
    expect(equal).toBeGreaterThan(10)
  })

  it('gives every known cell a key of its own, which reordering keeps', () => {
    expect(space.key(KNOWN_CELLS['dpc-top1'])).not.toBe(space.key(KNOWN_CELLS.aspp))
    const swapped = reorder(KNOWN_CELLS['dpc-top1'], [0, 1, 2, 4, 3])!
    expect(swapped).not.toEqual(KNOWN_CELLS['dpc-top1'])
    expect(space.key(swapped)).toBe(space.key(KNOWN_CELLS['dpc-top1']))
  })
})
