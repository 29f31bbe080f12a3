import { z } from 'zod'
import { TrellisError } from '../errors.ts'
import table from './prices.json' with { type: 'json' }

/** Profiles of what a job runs on; `cpu` is this computer or, on AWS, an instance without a card. */
export const cardSchema = z.enum(['cpu', 'v100', 'p100', 't4', 'a10g', 'l4', 'a100', 'h100'])
export type Card = z.infer<typeof cardSchema>

const positive = z.number().positive()

const offerSchema = z
  .strictObject({
    instance: z.string().describe('the smallest EC2 instance with that card'),
    vcpus: z.int().positive().describe('of the instance'),
    ramGiB: positive.describe('of the instance'),
    cards: z.int().positive().describe('in one instance'),
    memoryGiB: positive.describe('of one card'),
    architecture: z.string().describe('of the card, with its CUDA compute capability'),
    onDemand: positive.describe('dollars an hour for the instance'),
    spot: positive.optional().describe('likewise: the highest price seen; absent where none is known'),
    note: z.string().optional().describe('where a price is from that was not read from AWS’s catalogue'),
  })
  .readonly()
/** What can be rented on AWS for a card. */
export type Offer = z.infer<typeof offerSchema>

const goneSchema = z
  .strictObject({
    unavailable: z.string(),
    nearest: cardSchema.exclude(['cpu']),
    retired: offerSchema.optional().describe('what accounts that still can may rent'),
  })
  .readonly()

/** What cards cost, read from AWS's catalogue on a day. */
export const priceTableSchema = z
  .strictObject({
    date: z.iso.date(),
    region: z.string(),
    cards: z.record(cardSchema, z.union([offerSchema, goneSchema])).readonly(),
  })
  .readonly()
export type PriceTable = z.infer<typeof priceTableSchema>

export const builtInPrices: PriceTable = priceTableSchema.parse(table)

/**
 * @param allowRetired for accounts that still can rent what AWS has retired
 * @throws TrellisError `unsupported` for a card that cannot be had; it names the nearest
 */
export function offerOf(card: Card, allowRetired = false, prices = builtInPrices): Offer {
  const offer = prices.cards[card]
  if (!('unavailable' in offer)) return offer
  const { unavailable, nearest, retired } = offer
  if (allowRetired && retired !== undefined) return retired
  const override =
    retired === undefined
      ? ''
      : `, or allowRetired to true if your account still can rent ${retired.instance}`
  throw new TrellisError('unsupported', `card ${card} cannot be had: ${unavailable}`, {
    fix: `set the card to the nearest, ${nearest}${override}`,
  })
}

export const priceSchema = z
  .strictObject({
    usdPerHour: z.number().nonnegative().describe('for one card'),
    onDemandUsdPerHour: positive
      .optional()
      .describe('for the same on demand, whatever it is rented as; absent where nothing is rented'),
    basis: z.string().describe('what is paid for, and when the price was read'),
  })
  .readonly()
export type Price = z.infer<typeof priceSchema>

/** What an hour of a card costs on AWS, by how the machine was rented that a job happens to get. */
export const rentalPricesSchema = z.strictObject({ spot: priceSchema, onDemand: priceSchema }).readonly()
export type RentalPrices = z.infer<typeof rentalPricesSchema>

export interface PriceOptions {
  readonly allowRetired?: boolean
  readonly prices?: PriceTable
}

/**
 * Where no spot price is known, spot capacity goes at the price on demand, which it never exceeds.
 * @throws TrellisError `unsupported` for a card that cannot be had
 */
export function rentalPrices(
  card: Card,
  { allowRetired, prices = builtInPrices }: PriceOptions = {},
): RentalPrices {
  const { instance, cards, onDemand, spot } = offerOf(card, allowRetired, prices)
  const onDemandUsdPerHour = onDemand / cards
  const priceAs = (way: string, hourly: number): Price => ({
    usdPerHour: hourly / cards,
    onDemandUsdPerHour,
    basis: `${instance} ${way} in ${prices.region}, ${prices.date}`,
  })
  return {
    onDemand: priceAs('on demand', onDemand),
    spot: spot === undefined ? priceAs('at most (no spot price known)', onDemand) : priceAs('spot', spot),
  }
}

/** An hour of a job on the computer that Trellis itself runs on. */
export const HERE: Price = { usdPerHour: 0, basis: 'this computer' }
