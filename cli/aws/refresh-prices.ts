import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { _InstanceType } from '@aws-sdk/client-ec2'
import { z } from 'zod'
import { paged } from '../../nas/paged.ts'
import { builtInPrices, type Offer, type PriceTable, priceTableSchema } from '../../nas/runs/prices.ts'
import { usd } from '../../report/format.ts'
import { pricesFile } from '../prices.ts'
import { table } from '../table.ts'
import { onAws } from './errors.ts'
import { type Services, services } from './services/services.ts'

/** Reads the prices of the region, and goes by them from now on. */
export const refreshPrices = (): Promise<void> =>
  onAws(async () => {
    const region = await (await services.sts()).config.region()
    const prices = await readPrices(services, region, new Date())
    const file = pricesFile()
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(prices, null, 2)}\n`)
    console.log(
      [showPrices(prices), '', `written to ${file}; delete it to go by the built-in prices`].join('\n'),
    )
  })

/** The built-in table, its prices those of a region today. What the region does not have is not to be had. */
export async function readPrices(
  services: Pick<Services, 'pricing' | 'ec2'>,
  region: string,
  now: Date,
): Promise<PriceTable> {
  const cards = await Promise.all(
    Object.entries(builtInPrices.cards).map(async ([card, entry]) => {
      if ('unavailable' in entry) return [card, entry] as const
      const offer = await repriced(services, region, now, entry)
      const nearest = card === 't4' ? 'a10g' : 't4'
      return [card, offer ?? { unavailable: `${region} does not have ${entry.instance}`, nearest }] as const
    }),
  )
  return priceTableSchema.parse({
    date: now.toISOString().slice(0, 10),
    region,
    cards: Object.fromEntries(cards),
  })
}

async function repriced(
  services: Pick<Services, 'pricing' | 'ec2'>,
  region: string,
  now: Date,
  { instance, vcpus, ramGiB, cards, memoryGiB, architecture }: Offer,
): Promise<Offer | undefined> {
  const onDemand = await onDemandPrice(services, region, instance)
  if (onDemand === undefined) return undefined
  const spot = await spotPrice(services, instance, now)
  const hardware = { instance, vcpus, ramGiB, cards, memoryGiB, architecture }
  return { ...hardware, onDemand, ...(spot !== undefined && { spot }) }
}

const productSchema = z.object({
  terms: z.object({
    OnDemand: z.record(
      z.string(),
      z.object({
        priceDimensions: z.record(
          z.string(),
          z.object({ pricePerUnit: z.object({ USD: z.coerce.number() }) }),
        ),
      }),
    ),
  }),
})

/** Of a plain Linux instance, shared hardware and nothing reserved. */
async function onDemandPrice(
  { pricing }: Pick<Services, 'pricing'>,
  region: string,
  instanceType: string,
): Promise<number | undefined> {
  const attributes = {
    instanceType,
    regionCode: region,
    operatingSystem: 'Linux',
    tenancy: 'Shared',
    preInstalledSw: 'NA',
    capacitystatus: 'Used',
  }
  const { PriceList = [] } = await (await pricing()).getProducts({
    ServiceCode: 'AmazonEC2',
    Filters: Object.entries(attributes).map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value })),
  })
  const prices = PriceList.flatMap((text: unknown) => {
    const { terms } = productSchema.parse(JSON.parse(String(text)))
    return Object.values(terms.OnDemand).flatMap(({ priceDimensions }) =>
      Object.values(priceDimensions).map(({ pricePerUnit }) => pricePerUnit.USD),
    )
  }).filter((price: number) => price > 0)
  return prices.length === 0 ? undefined : Math.max(...prices)
}

const DAY_MS = 24 * 3600 * 1000

/** The highest of the last day in any zone: nobody can say in which of them a job will run. */
async function spotPrice(
  { ec2 }: Pick<Services, 'ec2'>,
  instanceType: string,
  now: Date,
): Promise<number | undefined> {
  const client = await ec2()
  const history = paged('prices', async (NextToken) => {
    const page = await client.describeSpotPriceHistory({
      InstanceTypes: [instanceType as _InstanceType],
      ProductDescriptions: ['Linux/UNIX'],
      StartTime: new Date(now.getTime() - DAY_MS),
      NextToken,
    })
    // The last page has an empty token.
    return { items: page.SpotPriceHistory, next: page.NextToken || undefined }
  })
  let highest: number | undefined
  for await (const { SpotPrice } of history) highest = Math.max(highest ?? 0, Number(SpotPrice))
  return highest
}

function showPrices({ date, region, cards }: PriceTable): string {
  const rows = Object.entries(cards).map(([card, entry]) =>
    'unavailable' in entry
      ? [card, entry.unavailable, '', '']
      : [card, entry.instance, usd(entry.onDemand), entry.spot === undefined ? '–' : usd(entry.spot)],
  )
  return table([[`${region}, ${date}`, 'instance', 'on demand', 'spot'], ...rows])
}
