import type { VirtualClock } from '../clock.ts'
import type { Faults } from '../faults.ts'

type Request = 'read' | 'write' | 'delete'

/** A time in which a store fails, again and again, until somebody mends it. */
export interface Outage {
  /** What such a request fails with now, if it does. */
  problemOf(request: Request): string | undefined
  /** Resolves when the store works again. */
  mended(): Promise<void>
  /** For how many milliseconds between two instants it failed. */
  during(from: number, to: number): number
}

const HOUR_MS = 3_600_000

/** Draws an outage, which begins while a run is likely to go on, and lasts from minutes to hours. */
export function drawOutage(clock: VirtualClock, faults: Faults): Outage {
  const isLost = faults.strikes('store lost for long')
  const isFull = !isLost && faults.strikes('store full for long')
  if (!isLost && !isFull) return NO_OUTAGE
  const begins = clock.now() + HOUR_MS * faults.chance.uniform()
  const ends = begins + HOUR_MS * (0.05 + 3 * faults.chance.uniform() ** 2)
  const isOn = () => clock.now() >= begins && clock.now() < ends
  return {
    problemOf(request) {
      if (!isOn()) return undefined
      if (isLost) return 'EHOSTUNREACH'
      return request === 'write' ? 'ENOSPC' : undefined
    },
    mended: () => (isOn() ? clock.sleep(ends - clock.now()) : Promise.resolve()),
    during: (from, to) => Math.max(0, Math.min(to, ends) - Math.max(from, begins)),
  }
}

export const NO_OUTAGE: Outage = {
  problemOf: () => undefined,
  mended: () => Promise.resolve(),
  during: () => 0,
}
