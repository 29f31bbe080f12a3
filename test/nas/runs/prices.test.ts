import { describe, expect, it } from 'vitest'
import { cardSchema, priceOf } from '../../../nas/runs/prices.ts'

describe('prices', () => {
  it('are per card, dated, and nothing on this computer', () => {
    expect(priceOf('cpu', true)).toEqual({ usdPerHour: 0, basis: 'this computer' })
    expect(priceOf('a10g', false)).toEqual({
      usdPerHour: 1.006,
      basis: expect.stringMatching(/^g5\.xlarge on demand in us-east-1, 20\d\d-\d\d-\d\d$/),
    })
    expect(priceOf('a100', false).usdPerHour).toBeCloseTo(21.9576 / 8)
    expect(priceOf('t4', true).usdPerHour).toBeLessThan(priceOf('t4', false).usdPerHour)
  })

  it('of every card are known, or an error names one that can be had', () => {
    for (const card of cardSchema.options) {
      try {
        expect(priceOf(card, false).usdPerHour).toBeGreaterThanOrEqual(0)
      } catch (error) {
        expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining(card) })
        const nearest = /nearest, (\w+)/.exec((error as { fix: string }).fix)![1]
        expect(priceOf(cardSchema.parse(nearest), false).usdPerHour).toBeGreaterThan(0)
      }
    }
    expect(() => priceOf('p100', true)).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('t4') }),
    )
    expect(() => priceOf('h100', true)).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('spot to false') }),
    )
  })
})
