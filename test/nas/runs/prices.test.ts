import { describe, expect, it } from 'vitest'
import { cardSchema, priceOf, rentalPrices } from '../../../nas/runs/prices.ts'

describe('prices', () => {
  it('are per card, dated, and nothing on this computer', () => {
    expect(priceOf('cpu', true)).toEqual({ usdPerHour: 0, basis: 'this computer' })
    expect(priceOf('a10g', false)).toEqual({
      usdPerHour: 1.006,
      onDemandUsdPerHour: 1.006,
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
  })

  it('of retired cards are for accounts that say that they can rent them', () => {
    expect(() => priceOf('v100', true)).toThrow(
      expect.objectContaining({
        fix: expect.stringMatching(/nearest, a10g, or allowRetired to true .*p3\.2xlarge/),
      }),
    )
    expect(priceOf('v100', true, { allowRetired: true })).toMatchObject({
      usdPerHour: 0.4,
      onDemandUsdPerHour: 3.06,
    })
    expect(() => priceOf('p100', true, { allowRetired: true })).toThrow(
      expect.objectContaining({ fix: 'set the card to the nearest, t4' }),
    )
  })

  it('of spot capacity are at most those on demand where none is known', () => {
    const { spot, onDemand } = rentalPrices('h100')
    expect(spot.usdPerHour).toBe(onDemand.usdPerHour)
    expect(spot.basis).toContain('no spot price known')
  })

  it('of AWS are those of an instance where this computer would cost nothing', () => {
    expect(rentalPrices('cpu').onDemand).toMatchObject({
      usdPerHour: 0.1785,
      basis: expect.stringContaining('c7i.xlarge on demand'),
    })
  })
})
