import { setImmediate } from 'node:timers/promises'
import TinyQueue from 'tinyqueue'

/** Time that passes only when nothing can happen without it. */
export interface VirtualClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `action` after so many milliseconds, unless the function that it returns is called before. */
  after(ms: number, action: () => void): () => void
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Lets time pass until a promise has settled. */
  until<T>(promise: Promise<T>): Promise<T>
}

interface Timer {
  readonly at: number
  readonly order: number
  action: (() => void) | undefined
}

const earliestFirst = (a: Timer, b: Timer): number => a.at - b.at || a.order - b.order

/** @param order breaks ties between timers of the same instant: no part of the product promises which comes first */
export function virtualClock(start: number, order: () => number): VirtualClock {
  const timers = new TinyQueue<Timer>([], earliestFirst)
  let now = start

  const after = (ms: number, action: () => void) => {
    const timer: Timer = { at: now + Math.max(0, ms), order: order(), action }
    timers.push(timer)
    return () => {
      timer.action = undefined
    }
  }

  function advance(): void {
    for (;;) {
      const timer = timers.pop()
      if (timer === undefined) throw new Error('everything waits, and nothing will ever happen')
      if (timer.action === undefined) continue
      now = timer.at
      timer.action()
      return
    }
  }

  return {
    now: () => now,
    after,
    sleep: (ms, signal) => sleep(after, ms, signal),
    async until(promise) {
      let settled = false
      const settle = () => {
        settled = true
      }
      promise.then(settle, settle)
      // A macrotask comes when all promises that could go on have done so.
      await setImmediate()
      while (!settled) {
        advance()
        await setImmediate()
      }
      return promise
    },
  }
}

const sleep = (after: VirtualClock['after'], ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const abort = () => {
      cancel()
      reject(signal!.reason)
    }
    const cancel = after(ms, () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    signal?.addEventListener('abort', abort, { once: true })
  })
