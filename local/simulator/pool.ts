import type { VirtualClock } from './clock.ts'
import type { Faults } from './faults.ts'

/** Where attempts find their hosts. */
export interface Pool {
  /** Whether the next attempt gets the host that kills whatever runs on it: it is free again at once, and so it draws attempts. */
  isNextSick(): boolean
  readonly isSick: boolean
  /** The sick host is exchanged for a sound one. */
  replace(): void
}

const HOUR_MS = 3_600_000

/** A pool one of whose hosts falls sick: for a while, or until it is replaced. */
export function drawPool(clock: VirtualClock, faults: Faults): Pool {
  const { chance } = faults
  const isDrawn = faults.strikes('sick host')
  if (!isDrawn) return { isNextSick: () => false, isSick: false, replace: () => {} }
  const from = clock.now() + HOUR_MS * chance.uniform() ** 2
  let until = chance.uniform() < 0.5 ? from + HOUR_MS * (0.1 + chance.uniform()) : Number.POSITIVE_INFINITY
  const isSick = () => clock.now() >= from && clock.now() < until
  return {
    isNextSick: () => isSick() && faults.strikes('attempt on a sick host'),
    get isSick() {
      return isSick()
    },
    replace() {
      until = clock.now()
    },
  }
}
