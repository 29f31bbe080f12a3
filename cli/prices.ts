import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TrellisError } from '../nas/errors.ts'
import { builtInPrices, type PriceTable, priceTableSchema } from '../nas/runs/prices.ts'
import { configFolder } from './config-folder.ts'

/** Where `trellis prices refresh` writes what it has read. */
export const pricesFile = (): string => join(configFolder(), 'prices.json')

/** The prices that were read last, or those that come with Trellis. @throws TrellisError `invalid-config` for a broken file */
export function currentPrices(): PriceTable {
  const file = pricesFile()
  if (!existsSync(file)) return builtInPrices
  try {
    return priceTableSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new TrellisError('invalid-config', `${file} is no table of prices of this version`, {
      fix: 'trellis prices refresh, or delete it to go by the built-in prices',
      cause,
    })
  }
}
