import { describe, expect, it } from 'vitest'
import { cardSchema, HERE, rentalPrices } from '../../../nas/runs/prices.ts'

describe('prices', () => {
  it('are per card, dated, and nothing on this computer', () => {
    expect(HERE).toEqual({ usdPerHour: 0, basis: 'this computer' })
    expect(rentalPrices('a10g').onDemand).toEqual({
      usdPerHour: 1.006,
      onDemandUsdPerHour: 1.006,
      basis: expect.stringMatching(/^g5\.xlarge on demand in us-east-1, 20\d\d-\d\d-\d\d$/),
    })
    expect(rentalPrices('a100').onDemand.usdPerHour).toBeCloseTo(21.9576 / 8)
    expect(rentalPrices('t4').spot.usdPerHour).toBeLessThan(rentalPrices('t4').onDemand.usdPerHour)
  })

  it('of every card are known, or an error names one that can be had', () => {
    for (const card of cardSchema.options) {
      try {
        expect(rentalPrices(card).onDemand.usdPerHour).toBeGreaterThanOrEqual(0)
      } catch (error) {
        expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining(card) })
        const nearest = /nearest, (\w+)/.exec((error as { fix: string }).fix)![1]
        expect(rentalPrices(cardSchema.parse(nearest)).onDemand.usdPerHour).toBeGreaterThan(0)
      }
    }
    expect(() => rentalPrices('p100').spot).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('t4') }),
    )
  })

  it('of retired cards are for accounts that say that they can rent them', () => {
    expect(() => rentalPrices('v100').spot).toThrow(
      expect.objectContaining({
        fix: expect.stringMatching(/nearest, a10g, or allowRetired to true .*p3\.2xlarge/),
      }),
    )
    expect(rentalPrices('v100', { allowRetired: true }).spot).toMatchObject({
      usdPerHour: 0.4,
      onDemandUsdPerHour: 3.06,
    })
    expect(() => rentalPrices('p100', { allowRetired: true }).spot).toThrow(
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
