import type { Machine } from '../../nas/runs/open-entry.ts'
import { type Price, priceOf } from '../../nas/runs/prices.ts'
import type { VirtualClock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { SimulatedProcess } from './process.ts'

/** What an attempt of a job gets to run on. */
export interface SimulatedHost {
  readonly spot: boolean
  readonly price: Price
  /** Of an ordinary host, 1. */
  readonly speed: number
  /** How far its clock is ahead, in ms. */
  readonly skew: number
}

export const CARD = 't4'
const PRICES = { spot: priceOf(CARD, true), onDemand: priceOf(CARD, false) }
const SLOW = 0.5
const MOST_SKEW_MS = 120_000

export function findHost(faults: Faults, spot: boolean): SimulatedHost {
  const slow = faults.strikes('slow host')
  const skewed = faults.strikes('skewed clock')
  return {
    spot,
    price: spot ? PRICES.spot : PRICES.onDemand,
    speed: slow ? SLOW : 1,
    skew: skewed ? Math.round((2 * faults.chance.uniform() - 1) * MOST_SKEW_MS) : 0,
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
