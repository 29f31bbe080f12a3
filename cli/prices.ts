import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TrellisError } from '../nas/errors.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import {
  builtInPrices,
  HERE,
  type Price,
  type PriceTable,
  priceTableSchema,
  rentalPrices,
} from '../nas/runs/prices.ts'
import { MEGABYTE, readInputText } from '../nas/store/input-file.ts'
import { configFolder } from './config-folder.ts'
import type { Place } from './place.ts'

/** Where `trellis prices refresh` writes what it has read. */
export const pricesFile = (): string => join(configFolder(), 'prices.json')

/** The prices that were read last, or those that come with Trellis. @throws TrellisError `invalid-config` for a broken file */
export function currentPrices(): PriceTable {
  const file = pricesFile()
  if (!existsSync(file)) return builtInPrices
  const fix = 'trellis prices refresh, or delete it to go by the built-in prices'
  const text = readInputText(file, { what: 'table of prices', limit: MEGABYTE, code: 'invalid-config', fix })
  try {
    return priceTableSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new TrellisError('invalid-config', `${file} is no table of prices of this version`, { fix, cause })
  }
}

/** What an hour of a job costs there. @throws TrellisError `unsupported` for a card that cannot be had */
export function currentPrice({ card, spot, allowRetired }: RunConfig['compute'], place: Place): Price {
  const options = { allowRetired, prices: currentPrices() }
  return place === 'here' ? HERE : rentalPrices(card, options)[spot ? 'spot' : 'onDemand']
}
