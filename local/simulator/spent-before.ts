import type { TrueAttempt } from './batch/true-attempt.ts'
import { leastCharge, STORE_MS } from './charge.ts'

const HOUR_MS = 3_600_000

/** A decision may rest on a ledger that was read a few requests earlier. */
export const READ_EARLIER_MS = 6 * STORE_MS

/** The least that a decision must have known of; an attempt is charged a little less than it took. @param decided when it was written */
export function spentBefore(attempts: readonly TrueAttempt[], decided: number) {
  const before = attempts.filter(({ endedAt }) => endedAt! < decided - READ_EARLIER_MS)
  const hours = (each: TrueAttempt) => leastCharge(each) / HOUR_MS
  return {
    gpuHours: before.reduce((sum, each) => sum + hours(each), 0),
    usd: before.reduce((sum, each) => sum + hours(each) * each.host.price.usdPerHour, 0),
  }
}
