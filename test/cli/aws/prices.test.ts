import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { readPrices } from '../../../cli/aws/refresh-prices.ts'
import type { Ec2 } from '../../../cli/aws/services/ec2.ts'
import type { Pricing } from '../../../cli/aws/services/pricing.ts'
import { currentPrices } from '../../../cli/prices.ts'
import { builtInPrices, priceTableSchema, rentalPrices } from '../../../nas/runs/prices.ts'
import { emptyFolder } from '../trellis.ts'

const NOW = new Date('2027-03-04T05:06:07Z')

/** As the catalogue writes a product, but for what is not read. */
const product = (usd: string) =>
  JSON.stringify({
    product: { productFamily: 'Compute Instance' },
    terms: { OnDemand: { X: { priceDimensions: { Y: { unit: 'Hrs', pricePerUnit: { USD: usd } } } } } },
  })

const catalogue: Readonly<Record<string, string>> = {
  'c7i.xlarge': '0.2000000000',
  'g4dn.xlarge': '0.6000000000',
  'g5.xlarge': '1.1000000000',
  'p4d.24xlarge': '24.0000000000',
  'p5.4xlarge': '7.0000000000',
}
const asked: unknown[] = []

const pricing: Pricing = {
  async getProducts({ Filters = [] }) {
    asked.push(Filters)
    const price = catalogue[Filters.find(({ Field }) => Field === 'instanceType')!.Value!]
    return { PriceList: price === undefined ? [] : [product('0.0000000000'), product(price)] }
  },
}

const ec2: Ec2 = {
  describeAvailabilityZones: async () => ({}),
  async describeSpotPriceHistory({ InstanceTypes = [], NextToken }) {
    if (InstanceTypes[0] === 'c7i.xlarge') return { SpotPriceHistory: [{ SpotPrice: '0.09' }] }
    if (InstanceTypes[0] !== 'g4dn.xlarge') return { SpotPriceHistory: [], NextToken: '' }
    return NextToken
      ? { SpotPriceHistory: [{ SpotPrice: '0.24' }], NextToken: '' }
      : { SpotPriceHistory: [{ SpotPrice: '0.21' }, { SpotPrice: '0.19' }], NextToken: 'more' }
  },
}

const services = { pricing: async () => pricing, ec2: async () => ec2 }

describe('prices refresh', () => {
  test('reads the region’s price of each instance, and the highest spot price over zones and pages', async () => {
    const prices = await readPrices(services, 'eu-west-1', NOW)
    expect(prices).toMatchObject({ date: '2027-03-04', region: 'eu-west-1' })
    expect(prices.cards.t4).toMatchObject({ instance: 'g4dn.xlarge', onDemand: 0.6, spot: 0.24 })
    expect(rentalPrices('a100', { prices }).onDemand.usdPerHour).toBe(3)
    expect(asked).toContainEqual(
      expect.arrayContaining([
        { Type: 'TERM_MATCH', Field: 'regionCode', Value: 'eu-west-1' },
        { Type: 'TERM_MATCH', Field: 'operatingSystem', Value: 'Linux' },
      ]),
    )
  })

  test('keeps no old spot price where there is none today', async () => {
    const prices = await readPrices(services, 'eu-west-1', NOW)
    expect(prices.cards.a10g).not.toHaveProperty('spot')
    expect(rentalPrices('a10g', { prices }).spot.usdPerHour).toBe(1.1)
  })

  test('reads the price of the instance without a card like any other', async () => {
    const prices = await readPrices(services, 'eu-west-1', NOW)
    expect(builtInPrices.cards.cpu).toHaveProperty('note')
    expect(prices.cards.cpu).toMatchObject({ instance: 'c7i.xlarge', onDemand: 0.2, spot: 0.09 })
    expect(prices.cards.cpu).not.toHaveProperty('note')
  })

  test('says what the region does not have, and what is nearest', async () => {
    const prices = await readPrices(services, 'eu-west-1', NOW)
    expect(() => rentalPrices('l4', { prices }).onDemand).toThrow('eu-west-1 does not have g6.xlarge')
    expect(prices.cards.v100).toEqual(builtInPrices.cards.v100)
  })

  test('writes a table that is read again', async () => {
    const prices = await readPrices(services, 'eu-west-1', NOW)
    expect(priceTableSchema.parse(JSON.parse(JSON.stringify(prices)))).toEqual(prices)
  })
})

describe('the prices in use', () => {
  const withFile = (text?: string) => {
    const folder = emptyFolder()
    if (text !== undefined) {
      mkdirSync(join(folder, 'trellis'))
      writeFileSync(join(folder, 'trellis', 'prices.json'), text)
    }
    vi.stubEnv('XDG_CONFIG_HOME', folder)
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
  }

  test('are the built-in ones until others were read', () => {
    withFile()
    expect(currentPrices()).toEqual(builtInPrices)
  })

  test('are those that were read last', () => {
    withFile(JSON.stringify({ ...builtInPrices, region: 'eu-west-1' }))
    expect(currentPrices().region).toBe('eu-west-1')
  })

  test.each(['{', '{}'])('a broken table is an error that says how to mend it: %s', (text) => {
    withFile(text)
    expect(currentPrices).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  })
})
