import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanEntropies, normalisedEntropy } from '../../../report/densenas/statistics.ts'

describe('normalisedEntropy', () => {
  it('is 1 where all candidates are alike, 0 where one is left, and between them otherwise', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 8 }),
        (weights) => {
          const sum = weights.reduce((a, b) => a + b)
          expect(normalisedEntropy(weights.map((weight) => weight / sum))).toBeGreaterThan(0)
          expect(normalisedEntropy(weights.map((weight) => weight / sum))).toBeLessThan(1 + 1e-12)
          expect(normalisedEntropy(weights.map(() => 1 / weights.length))).toBeCloseTo(1, 12)
          expect(normalisedEntropy(weights.map((_, i) => (i === 0 ? 1 : 0)))).toBe(0)
        },
      ),
    )
  })
})

describe('meanEntropies', () => {
  it('is 0 where a space leaves no choice', () => {
    expect(meanEntropies({ paths: [[1], [0.5, 0.5]], head: [[], [[1]]], stack: [[], []] })).toEqual({
      paths: 1,
      operations: 0,
    })
  })
})
