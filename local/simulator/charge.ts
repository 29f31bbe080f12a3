import { HEARTBEAT_MS } from '../../nas/runs/open-entry.ts'
import type { TrueAttempt } from './batch/true-attempt.ts'

/** The longest that a request to the simulated store takes. */
export const STORE_MS = 30_000

/**
 * The least time that an attempt must be charged for, in ms: one that is killed, or whose store fails, up to its last sign of
 * life.
 */
export function leastCharge(attempt: TrueAttempt): number {
  const { startedAt, endedAt, unheard } = attempt
  const silent = STORE_MS + (isCutShort(attempt) ? HEARTBEAT_MS + STORE_MS : 0)
  return Math.max(0, endedAt! - startedAt - silent - unheard)
}

/** Whether it could not say when it ended. */
export const isCutShort = ({ killed, unheard }: TrueAttempt): boolean => killed || unheard > 0
