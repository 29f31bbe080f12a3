import { z } from 'zod'
import { TrellisError } from '../errors.ts'
import table from './prices.json' with { type: 'json' }

/** Profiles of what a job runs on; `cpu` is the computer that Trellis itself runs on. */
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
  if (allowRetired && offer.retired !== undefined) return offer.retired
  throw new TrellisError('unsupported', `card ${card} cannot be had: ${offer.unavailable}`, {
    fix: `set the card to the nearest, ${offer.nearest}`,
  })
}

export const priceSchema = z
  .strictObject({
    usdPerHour: z.number().nonnegative().describe('for one card'),
    basis: z.string().describe('what is paid for, and when the price was read'),
  })
  .readonly()
export type Price = z.infer<typeof priceSchema>

/** What a job on a rented card costs. @throws TrellisError `unsupported` for a card, or a way to pay for it, that cannot be had */
export function rentalPrice(card: Card, spot: boolean, prices = builtInPrices): Price {
  const { date, region } = prices
  const offer = offerOf(card, false, prices)
  const hourly = spot ? offer.spot : offer.onDemand
  if (hourly === undefined) {
    throw new TrellisError('unsupported', `no spot price of card ${card} is known on ${date}`, {
      fix: 'set compute.spot to false',
    })
  }
  return {
    usdPerHour: hourly / offer.cards,
    basis: `${offer.instance} ${spot ? 'spot' : 'on demand'} in ${region}, ${date}`,
  }
}

/** Likewise where `cpu` is the computer that Trellis itself runs on. */
export const priceOf = (card: Card, spot: boolean, prices = builtInPrices): Price =>
  card === 'cpu' ? { usdPerHour: 0, basis: 'this computer' } : rentalPrice(card, spot, prices)
