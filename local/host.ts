import { setTimeout } from 'node:timers/promises'
import { random } from '../nas/random.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { StateFailure } from './interpreter/failure.ts'
import type { Host } from './interpreter/host.ts'

/** Does what a Task asks for, as Host.task does. */
export type Service = (args: unknown, signal: AbortSignal) => Promise<unknown>

/**
 * This computer: its clock, and the object store in place of S3.
 *
 * @param run seeds the jitter of retries
 * @param services by resource, such as `arn:aws:states:::lambda:invoke`
 */
export function localHost(
  store: Pick<ObjectStore, 'get'>,
  run: string,
  services: Readonly<Record<string, Service>>,
): Host {
  const jitter = random(0, 'jitter', run)
  return {
    async task(resource, args, signal) {
      const service = services[resource]
      if (service) return service(args, signal)
      throw new StateFailure('States.Runtime', `${resource} is not to be had on this computer`)
    },
    async readItems({ key }) {
      const bytes = await store.get(key)
      if (!bytes) throw new StateFailure('States.ItemReaderFailed', `there is no ${key}`)
      const lines = new TextDecoder().decode(bytes).split('\n')
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown)
    },
    now: Date.now,
    sleep,
    random: jitter.uniform,
  }
}

/** A timer of Node holds no more than 2^31 - 1 ms (24.8 days), and fires at once when asked for more. */
const longestTimer = 2 ** 31 - 1

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0; left -= longestTimer) {
    await setTimeout(Math.min(left, longestTimer), undefined, { signal })
  }
}
