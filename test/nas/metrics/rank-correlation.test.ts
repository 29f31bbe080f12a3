import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootstrapInterval, kendall, spearman } from '../../../nas/metrics/rank-correlation.ts'
import { random } from '../../../nas/random.ts'

const both = [
  { name: "Spearman's rho", correlation: spearman },
  { name: "Kendall's tau-b", correlation: kendall },
]

/** Pairs with many ties. */
const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), {
  maxLength: 30,
})
const columns = (list: readonly (readonly [number, number])[]) =>
  [list.map(([x]) => x), list.map(([, y]) => y)] as const

describe('rank correlations', () => {
  // SciPy 1.17.1, spearmanr and kendalltau.
  it.each([
    { x: [1, 2, 3, 4, 5], y: [5, 6, 7, 8, 7], rho: 0.8207826816681233, tau: 0.7378647873726218 },
    { x: [1, 2, 2, 3], y: [1, 3, 2, 4], rho: 0.9486832980505139, tau: 0.912870929175277 },
    { x: [10, 20, 30, 40], y: [40, 30, 20, 10], rho: -1, tau: -1 },
  ])('of $x and $y are those of SciPy', ({ x, y, rho, tau }) => {
    expect(spearman(x, y)).toBeCloseTo(rho, 12)
    expect(kendall(x, y)).toBeCloseTo(tau, 12)
  })

  it('without ties are what the textbook formulas over permutations say', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 50 }), (seed, n) => {
        const x = Array.from({ length: n }, (_, i) => i)
        const y = random(seed).shuffle(x)
        const squares = y.reduce((sum, rank, i) => sum + (rank - i) ** 2, 0)
        const inversions = y.reduce(
          (sum, rank, i) => sum + y.slice(i).filter((later) => later < rank).length,
          0,
        )
        expect(spearman(x, y)).toBeCloseTo(1 - (6 * squares) / (n * (n * n - 1)), 10)
        expect(kendall(x, y)).toBeCloseTo(1 - (4 * inversions) / (n * (n - 1)), 10)
      }),
    )
  })

  describe.each(both)('$name', ({ correlation }) => {
    it('is undefined for fewer than two pairs, a constant, or a NaN', () => {
      expect(correlation([], [])).toBeUndefined()
      expect(correlation([1], [1])).toBeUndefined()
      expect(correlation([2, 2, 2], [1, 2, 3])).toBeUndefined()
      expect(correlation([1, 2, 3], [2, 2, 2])).toBeUndefined()
      expect(correlation([1, Number.NaN, 3], [1, 2, 3])).toBeUndefined()
    })

    it('lies in [-1, 1], is symmetric, and depends on order alone', () => {
      fc.assert(
        fc.property(pairs, (list) => {
          const [x, y] = columns(list)
          const value = correlation(x, y)
          fc.pre(value !== undefined)
          expect(Math.abs(value!)).toBeLessThanOrEqual(1)
          expect(correlation(y, x)).toBeCloseTo(value!, 12)
          expect(correlation(x.map(Math.exp), y)).toBe(value)
          expect(
            correlation(
              x,
              y.map((each) => -each),
            ),
          ).toBeCloseTo(-value!, 12)
          expect(correlation([...x].reverse(), [...y].reverse())).toBeCloseTo(value!, 12)
        }),
      )
    })

    it('is never beyond 1 for a perfect order, whatever the rounding', () => {
      for (let n = 2; n < 100; n++) {
        const x = Array.from({ length: n }, (_, i) => i)
        expect(correlation(x, x)).toBeLessThanOrEqual(1)
        expect(correlation(x, x)).toBeCloseTo(1, 12)
      }
    })
  })
})

describe('a bootstrap interval', () => {
  const sample = (seed: number, n: number, correlation: number) => {
    const rng = random(seed, 'sample')
    const x = Array.from({ length: n }, () => rng.normal())
    const y = x.map((value) => correlation * value + Math.sqrt(1 - correlation ** 2) * rng.normal())
    return [x, y] as const
  }

  it('is the same for the same seed, and narrower for a lower level', () => {
    const [x, y] = sample(1, 50, 0.5)
    const wide = bootstrapInterval(spearman, x, y, random(1))!
    const narrow = bootstrapInterval(spearman, x, y, random(1), { level: 0.8 })!
    expect(bootstrapInterval(spearman, x, y, random(1))).toEqual(wide)
    expect(wide.low).toBeLessThan(narrow.low)
    expect(narrow.low).toBeLessThan(spearman(x, y)!)
    expect(spearman(x, y)!).toBeLessThan(narrow.high)
    expect(narrow.high).toBeLessThan(wide.high)
  })

  it('leaves out as many resamples below as above, and keeps pairs together', () => {
    const x = Array.from({ length: 1000 }, (_, i) => i)
    const y = x.map((value) => -value)
    // One resampled pair is uniform over all pairs, so its quantiles are known.
    const firstOf = (a: readonly number[], b: readonly number[]) => (a[0] === -b[0]! ? a[0] : undefined)
    const { low, high } = bootstrapInterval(firstOf, x, y, random(1), { resamples: 4000, level: 0.9 })!
    // Four standard deviations of such a quantile are 14.
    expect(Math.abs(low - 50)).toBeLessThan(14)
    expect(Math.abs(high - 950)).toBeLessThan(14)
  })

  it.each(both)("covers a binormal population's $name as often as its level says", ({ correlation }) => {
    const rho = 0.6
    const population =
      correlation === spearman ? (6 / Math.PI) * Math.asin(rho / 2) : (2 / Math.PI) * Math.asin(rho)
    const repetitions = 200
    let covered = 0
    for (let seed = 0; seed < repetitions; seed++) {
      const [x, y] = sample(seed, 40, rho)
      const { low, high } = bootstrapInterval(correlation, x, y, random(seed), {
        resamples: 200,
        level: 0.9,
      })!
      if (low <= population && population <= high) covered++
    }
    expect(covered / repetitions).toBeGreaterThan(0.82)
    expect(covered / repetitions).toBeLessThan(0.97)
  })

  it('is undefined where the statistic is, in the sample or in every resample', () => {
    expect(bootstrapInterval(kendall, [1, 1, 1], [1, 2, 3], random(1))).toBeUndefined()
    expect(bootstrapInterval(kendall, [1, 2], [1, 2], random(1), { resamples: 0 })).toBeUndefined()
  })

  it('leaves out the resamples that have no order', () => {
    expect(bootstrapInterval(kendall, [1, 2], [1, 2], random(1))).toEqual({ low: 1, high: 1 })
  })
})
