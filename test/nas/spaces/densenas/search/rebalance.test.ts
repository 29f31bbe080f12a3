import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rebalance } from '../../../../../nas/spaces/densenas/search/rebalance.ts'

const softmax = (alpha: readonly number[]) => {
  const sum = alpha.reduce((total, a) => total + Math.exp(a), 0)
  return alpha.map((a) => Math.exp(a) / sum)
}

const alpha = fc.double({ min: -10, max: 10, noNaN: true })

describe('re-balancing', () => {
  it('adds the bias of the check vector to the sampled parameters alone', () => {
    const before = [0.1, -0.2, 0.3, 0.05, 0, 0.4, -0.1]
    const after = before.with(1, -0.1997).with(5, 0.3997)
    const bias = 8.735260017334997e-5
    const rebalanced = rebalance(before, after, [1, 5])
    rebalanced.forEach((a, o) => {
      expect(a).toBeCloseTo([1, 5].includes(o) ? after[o]! + bias : before[o]!, 15)
    })
  })

  it('keeps the weights of the operations that were not sampled', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.tuple(alpha, alpha, fc.boolean()), { minLength: 2, maxLength: 7 })
          .filter((layer) => layer.some(([, , sampled]) => sampled)),
        (layer) => {
          const before = layer.map(([old]) => old)
          const sampled = [...layer.keys()].filter((o) => layer[o]![2])
          const after = layer.map(([old, updated, isSampled]) => (isSampled ? updated : old))
          const rebalanced = rebalance(before, after, sampled)
          const [was, is] = [softmax(before), softmax(rebalanced)]
          for (const o of layer.keys())
            if (sampled.includes(o))
              // Among the sampled, what the update did stays.
              expect(rebalanced[o]! - rebalanced[sampled[0]!]!).toBeCloseTo(
                after[o]! - after[sampled[0]!]!,
                12,
              )
            else expect(Math.abs(is[o]! - was[o]!)).toBeLessThan(1e-12)
        },
      ),
    )
  })

  it('survives parameters whose exponential is infinite', () => {
    expect(rebalance([1000, 999, 0], [1001, 999, 0], [0, 1])[0]).toBeCloseTo(
      1001 + Math.log1p(Math.exp(-1)) - 1 - Math.log1p(Math.exp(-2)),
      10,
    )
  })
})
