import { setImmediate } from 'node:timers/promises'

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

/** @param order breaks ties between timers of the same instant: who is first is nobody's promise */
export function virtualClock(start: number, order: () => number): VirtualClock {
  const timers: Timer[] = []
  let now = start

  const after = (ms: number, action: () => void) => {
    const timer: Timer = { at: now + Math.max(0, ms), order: order(), action }
    push(timers, timer)
    return () => {
      timer.action = undefined
    }
  }

  function advance(): void {
    for (;;) {
      const timer = pop(timers)
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
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const give = () => {
          cancel()
          reject(signal!.reason)
        }
        const cancel = after(ms, () => {
          signal?.removeEventListener('abort', give)
          resolve()
        })
        signal?.addEventListener('abort', give, { once: true })
      }),
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

/* A binary heap: the earliest timer is the first. */

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

function push(heap: Timer[], timer: Timer): void {
  let i = heap.length
  heap.push(timer)
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (!before(timer, heap[parent]!)) break
    heap[i] = heap[parent]!
    i = parent
  }
  heap[i] = timer
}

function pop(heap: Timer[]): Timer | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
    if (!before(heap[child]!, last)) break
    heap[i] = heap[child]!
    i = child
  }
  heap[i] = last
  return first
}
