import { describe, expect, it } from 'vitest'
import { priceHere } from '../../containers/price.ts'
import { rentalPrices } from '../../nas/runs/prices.ts'
import { aRun } from '../nas/pipelines/dpc/example.ts'

describe('what an attempt is charged', () => {
  const prices = rentalPrices('t4')
  const onAws = { ...aRun('r', 'compute.card=t4'), prices }
  const TRELLIS_SPOT_ENVIRONMENT = 'trellis-spot-1'

  it('is the price of spot capacity in the environment that has it', () => {
    const environment = { TRELLIS_SPOT_ENVIRONMENT, AWS_BATCH_CE_NAME: TRELLIS_SPOT_ENVIRONMENT }
    expect(priceHere(onAws, environment)).toEqual(prices.spot)
  })

  it('is the price on demand where the queue fell back to that, or has nothing else', () => {
    const fellBack = { TRELLIS_SPOT_ENVIRONMENT, AWS_BATCH_CE_NAME: 'trellis-on-demand-1' }
    expect(priceHere(onAws, fellBack)).toEqual(prices.onDemand)
    expect(priceHere(onAws, { AWS_BATCH_CE_NAME: 'trellis-on-demand-1' })).toEqual(prices.onDemand)
  })

  it('is that of an instance without a card on AWS, and nothing on this computer', () => {
    const trial = aRun('r', 'compute.card=cpu')
    expect(priceHere(trial, {}).usdPerHour).toBe(0)
    expect(priceHere({ ...trial, prices: rentalPrices('cpu') }, {}).usdPerHour).toBe(0.1785)
  })
})
