import { StateFailure } from './failure.ts'
import type { Host } from './host.ts'

/**
 * Runs the body with a signal that aborts at the time-out, then throws States.Timeout without waiting for the body. When
 * `signal` aborts, it waits for the body to end.
 */
export async function withTimeOut<T>(
  seconds: number | undefined,
  host: Host,
  signal: AbortSignal,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (seconds === undefined) return body(signal)
  const stop = new AbortController()
  const done = new AbortController()
  const expiry = host.sleep(seconds * 1000, done.signal).then(() => {
    const failure = new StateFailure('States.Timeout', `not done after ${seconds} s`)
    stop.abort(failure)
    throw failure
  })
  try {
    return await Promise.race([body(AbortSignal.any([signal, stop.signal])), expiry])
  } finally {
    done.abort()
  }
}
