import type { Machine } from '../../nas/runs/open-entry.ts'
import { type Price, rentalPrices } from '../../nas/runs/prices.ts'
import type { VirtualClock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { Pool } from './pool.ts'
import type { SimulatedProcess } from './process.ts'

/** What an attempt of a job gets to run on. */
export interface SimulatedHost {
  readonly spot: boolean
  readonly price: Price
  /** Of an ordinary host, 1. */
  readonly speed: number
  /** How far its clock is ahead, in ms. */
  readonly skew: number
  /** After how many ms it kills whatever runs on it; undefined for a sound one. */
  readonly killsAfter: number | undefined
  /** Whether its card can be used. */
  readonly hasCard: boolean
}

export const CARD = 't4'
const PRICES = rentalPrices(CARD)
const SLOW = 0.5
const MOST_SKEW_MS = 120_000
const HOURS_MS = 6 * 3_600_000
/** A sick host kills within seconds. */
const SICK_MS = 8000

export function findHost(faults: Faults, pool: Pool, spot: boolean): SimulatedHost {
  const slow = faults.strikes('slow host')
  const skewed = faults.strikes('skewed clock')
  const sickness = pool.nextSickness()
  const most = faults.strikes('clock set by hours') ? HOURS_MS : MOST_SKEW_MS
  return {
    spot,
    price: spot ? PRICES.spot : PRICES.onDemand,
    speed: slow ? SLOW : 1,
    skew: skewed ? Math.round((2 * faults.chance.uniform() - 1) * most) : 0,
    killsAfter: sickness === 'kills' ? SICK_MS * faults.chance.uniform() : undefined,
    hasCard: sickness !== 'no card',
  }
}

/** The host as a job sees it. */
export function machineOf(
  clock: VirtualClock,
  { price, skew }: SimulatedHost,
  process: SimulatedProcess,
): Machine {
  const began = clock.now()
  return {
    price,
    startedAt: Math.round(began + skew),
    clock: {
      elapsed: () => clock.now() - began,
      every(ms, action) {
        let cancel = () => {}
        const again = () => {
          cancel = clock.after(ms, () => {
            if (process.dead) return
            again()
            action()
          })
        }
        again()
        return () => cancel()
      },
    },
  }
}
