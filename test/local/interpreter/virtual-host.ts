import type { Host, ItemSource } from '../../../local/interpreter/host.ts'

type Answer = (args: never, signal: AbortSignal) => unknown

export interface VirtualHost extends Host {
  /** How long the execution slept, sleep by sleep, in ms. */
  readonly slept: readonly number[]
  /** How many sleeps have neither ended nor been given up. */
  readonly sleeping: () => number
}

/** A host whose clock jumps to the next sleeper as soon as nothing else can happen. Tasks answer by resource. */
export function virtualHost(
  options: {
    readonly tasks?: Readonly<Record<string, Answer>>
    readonly items?: (reader: ItemSource) => readonly unknown[]
    readonly random?: () => number
  } = {},
): VirtualHost {
  let now = 0
  const slept: number[] = []
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()
  const pump = () =>
    setImmediate(() => {
      const next = [...sleepers].sort((a, b) => a.until - b.until)[0]
      if (!next) return
      sleepers.delete(next)
      now = next.until
      next.wake()
      pump()
    })
  const sleep = (ms: number, signal: AbortSignal) => {
    if (signal.aborted) return Promise.reject(signal.reason)
    if (sleepers.size === 0) pump()
    return new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        sleepers.delete(sleeper)
        reject(signal.reason)
      }
      const wake = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const sleeper = { until: now + ms, wake }
      sleepers.add(sleeper)
      signal.addEventListener('abort', giveUp)
    })
  }
  return {
    slept,
    sleeping: () => sleepers.size,
    async task(resource, args, signal) {
      const answer = options.tasks?.[resource]
      if (!answer) throw new Error(`the test has no task ${resource}`)
      return answer(args as never, signal)
    },
    async readItems(reader) {
      if (!options.items) throw new Error('the test has no items')
      return options.items(reader)
    },
    now: () => now,
    sleep: (ms, signal) => {
      slept.push(ms)
      return sleep(ms, signal)
    },
    random: options.random ?? (() => 0.5),
  }
}
