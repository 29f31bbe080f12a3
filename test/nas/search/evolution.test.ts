import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../../nas/random.ts'
import type { Result } from '../../../nas/search/policy.ts'
import { createStrategy } from '../../../nas/search/strategy.ts'
import type { DpcGenotype } from '../../../nas/spaces/dpc/genotype.ts'
import { dpcSpace } from '../../../nas/spaces/dpc/space.ts'
import { genesApart } from '../spaces/dpc/genes-apart.ts'

// So many branches that no two random cells are a gene apart: a child tells its parent.
const space = dpcSpace(8)

function children(results: readonly Result<DpcGenotype>[], population: number, tournament: number, n = 40) {
  const strategy = createStrategy({ kind: 'evolution', population, tournament }, space)
  return strategy.propose(strategy.start, results, n, random(2)).candidates
}

const parentsOf = (child: DpcGenotype, results: readonly Result<DpcGenotype>[]) =>
  results.flatMap(({ genotype }, i) => (genesApart(child, genotype) === 1 ? [i] : []))

describe('regularised evolution', () => {
  it('never picks a dead or a failed parent, however good the dead were', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined, freq: 3 }), {
          minLength: 25,
          maxLength: 60,
        }),
        (seed, scores) => {
          const rng = random(seed)
          const results = scores.map((score, i) => ({
            genotype: space.sample(rng),
            score: score === undefined ? undefined : score + (i < 10 ? 100 : 0),
          }))
          const scored = results.flatMap(({ score }, i) => (score === undefined ? [] : [i]))
          fc.pre(scored.length >= 5)
          const alive = scored.slice(-5)
          for (const child of children(results, 5, 2, 10)) {
            const [parent, ...others] = parentsOf(child, results)
            expect(alive).toContain(parent)
            expect(others).toEqual([])
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  const rng = random(1)
  const results = Array.from({ length: 50 }, (_, score) => ({
    genotype: space.sample(rng),
    score: score % 10,
  }))

  it('with a tournament of one picks any that is alive', () => {
    const parents = new Set(children(results, 10, 1, 200).flatMap((child) => parentsOf(child, results)))
    expect([...parents].sort()).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49])
  })

  it('picks the best of a tournament: of ten alive, the best wins one of two with probability 0.19', () => {
    const won = children(results, 10, 2, 1000).filter((child) => parentsOf(child, results).includes(49))
    // Four standard deviations of a binomial distribution around 190.
    expect(Math.abs(won.length - 190)).toBeLessThan(50)
  })

  it('is uniform until the population is full', () => {
    for (const child of children(results.slice(0, 19), 20, 5)) expect(parentsOf(child, results)).toEqual([])
    for (const child of children(results.slice(0, 20), 20, 5))
      expect(parentsOf(child, results)).not.toEqual([])
  })
})
