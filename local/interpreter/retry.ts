import type { Retrier } from '../../pipelines/asl.ts'
import { matches } from './failure.ts'

/**
 * The retry policy of one visit to a state. Each retrier counts its own retries. The first that matches the error decides; when
 * its attempts are exhausted, no later retrier applies.
 *
 * @returns a function from an error to the milliseconds to wait before the next attempt, undefined for no more attempts
 */
export function retryPolicy(
  retriers: readonly Retrier[],
  random: () => number,
): (error: string) => number | undefined {
  const retries = new Map<Retrier, number>()
  return (error) => {
    const retrier = retriers.find(({ ErrorEquals }) => matches(ErrorEquals, error))
    if (!retrier) return undefined
    const before = retries.get(retrier) ?? 0
    if (before >= (retrier.MaxAttempts ?? 3)) return undefined
    retries.set(retrier, before + 1)
    const delay = Math.min(
      (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** before,
      retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
    )
    // FULL: uniform between zero and the delay.
    return 1000 * (retrier.JitterStrategy === 'FULL' ? delay * random() : delay)
  }
}
