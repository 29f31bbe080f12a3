import { describe, expect, it } from 'vitest'
import { random } from '../../../nas/random.ts'
import { createStrategy } from '../../../nas/search/strategy.ts'
import { dpcSpace } from '../../../nas/spaces/dpc/space.ts'
import { genesApart } from '../spaces/dpc/genes-apart.ts'

const space = dpcSpace()
const rng = random(1)
const cells = Array.from({ length: 30 }, () => space.sample(rng))
// Failures apart, the later the better.
const results = cells.map((genotype, i) => ({ genotype, score: i % 5 === 4 ? undefined : i }))
const best = [28, 27, 26].map((i) => cells[i]!)

const proposals = (epsilon: number, genes: number, n: number) => {
  const strategy = createStrategy({ kind: 'local', epsilon, incumbents: 3, genes }, space)
  return strategy.propose(strategy.start, results, n, random(2)).candidates
}

describe('local search', () => {
  it.each([1, 2, 3])('with epsilon 1 changes exactly %i genes of one of the best scored cells', (genes) => {
    for (const cell of proposals(1, genes, 100)) {
      expect(best.map((incumbent) => genesApart(cell, incumbent))).toContain(genes)
    }
  })

  it('uses every incumbent', () => {
    const near = proposals(1, 1, 60)
    for (const incumbent of best) expect(near.some((cell) => genesApart(cell, incumbent) === 1)).toBe(true)
  })

  it('proposes near an incumbent with probability epsilon', () => {
    const near = proposals(0.3, 1, 1000).filter((cell) => best.some((other) => genesApart(cell, other) === 1))
    // Four standard deviations of a binomial distribution around 300.
    expect(Math.abs(near.length - 300)).toBeLessThan(58)
  })

  it('is uniform with epsilon 0, and while nothing has succeeded', () => {
    const failed = results.map(({ genotype }) => ({ genotype, score: undefined }))
    const strategy = createStrategy({ kind: 'local', epsilon: 1, incumbents: 3, genes: 1 }, space)
    const early = strategy.propose(strategy.start, failed, 50, random(2)).candidates
    for (const cell of [...proposals(0, 1, 50), ...early]) {
      expect(cells.every((other) => genesApart(cell, other) > 1)).toBe(true)
    }
  })

  it('goes on elsewhere once everything near its incumbents is known', () => {
    const small = dpcSpace(2)
    const incumbent = small.sample(random(3))
    const strategy = createStrategy({ kind: 'local', epsilon: 1, incumbents: 1, genes: 1 }, small)
    const { candidates } = strategy.propose(
      strategy.start,
      [{ genotype: incumbent, score: 1 }],
      170,
      random(4),
    )
    expect(candidates.length).toBe(170)
    expect(new Set(candidates.map(small.key)).size).toBe(170)
    expect(genesApart(candidates[0]!, incumbent)).toBe(1)
    expect(genesApart(candidates[169]!, incumbent)).toBeGreaterThan(1)
  })

  it('says at once, before any result, that a cell has fewer genes than it is to change', () => {
    const strategy = createStrategy({ kind: 'local', epsilon: 0.5, incumbents: 1, genes: 10 }, space)
    expect(() => strategy.propose(strategy.start, [], 1, random(1))).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining('10 genes') }),
    )
  })
})
