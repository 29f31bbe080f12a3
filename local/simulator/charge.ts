import { HEARTBEAT_MS } from '../../nas/runs/open-entry.ts'
import type { TrueAttempt } from './batch/true-attempt.ts'

/** The longest that a request to the simulated store takes. */
export const STORE_MS = 30_000

/** The least time that an attempt must be charged for, in ms: one that is killed, up to its last sign of life. */
export function leastCharge({ startedAt, endedAt, killed }: TrueAttempt): number {
  const silent = STORE_MS + (killed ? HEARTBEAT_MS + STORE_MS : 0)
  return Math.max(0, endedAt! - startedAt - silent)
}
