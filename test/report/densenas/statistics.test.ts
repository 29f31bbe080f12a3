import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contestants, openness, opennessOf, rivals } from '../../../report/densenas/statistics.ts'
import { compared, sample } from './sample.ts'

const { comparison, search } = sample()
const { genotype } = search!.derived
const failing = { ...compared('random', 0.5, genotype), score: null, top5: null, parameters: null }

describe('openness', () => {
  it('is 1 where all candidates are alike, 0 where one is left, and between them otherwise', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 8 }),
        (weights) => {
          const sum = weights.reduce((a, b) => a + b)
          expect(openness(weights.map((weight) => weight / sum))).toBeGreaterThan(0)
          expect(openness(weights.map((weight) => weight / sum))).toBeLessThan(1 + 1e-12)
          expect(openness(weights.map(() => 1 / weights.length))).toBeCloseTo(1, 12)
          expect(openness(weights.map((_, i) => (i === 0 ? 1 : 0)))).toBe(0)
        },
      ),
    )
  })
})

describe('opennessOf', () => {
  it('is 0 where a space leaves no choice', () => {
    expect(opennessOf({ paths: [[1], [0.5, 0.5]], head: [[], [[1]]], stack: [[], []] })).toEqual({
      paths: 1,
      operations: 0,
    })
  })
})

describe('contestants', () => {
  it('are ranked by score, failures last, each under a name of its own', () => {
    const ranked = contestants({ ...comparison!, contenders: [failing, ...comparison!.contenders] })
    const names = ranked.map(({ name }) => name)
    expect(names.slice(0, 2)).toEqual(['the network found', 'MobileNetV2 × 0.83'])
    expect(names.at(-1)).toBe('random path 1')
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('rivals', () => {
  it('take the random paths together, without those that failed', () => {
    const [random, mobileNet] = rivals({ ...comparison!, contenders: [...comparison!.contenders, failing] })
    expect(random).toMatchObject({ name: 'the mean of 5 random paths' })
    expect(random!.score).toBeCloseTo((0.7391 + 0.7304 + 0.7418 + 0.7227 + 0.7352) / 5, 12)
    expect(random!.seeds).toHaveLength(10)
    expect(mobileNet).toMatchObject({ name: 'MobileNetV2', score: 0.7519 })
  })

  it('are none where there is no baseline', () => {
    const [derived] = comparison!.contenders
    expect(rivals({ ...comparison!, contenders: [derived!] })).toEqual([])
  })
})
