import type { ObjectStore } from '../../../nas/store/store.ts'
import type { Access } from '../../../pipelines/pipeline.ts'
import type { VirtualClock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import type { SimulatedProcess } from '../process.ts'
import { isAllowed, type Operation } from './access.ts'
import { createObjects } from './objects.ts'
import type { Outage } from './outage.ts'
import { createRequests, LOCATION } from './requests.ts'

/** A write at the instant when it takes effect. */
export interface Write {
  readonly by: SimulatedProcess
  readonly key: string
  readonly bytes: Uint8Array
  readonly before: Uint8Array | undefined
  /** False for one that was dropped, as there was something already. */
  readonly kept: boolean
}

/** An object store that all simulated processes share, each over a connection of its own. */
export interface Bucket {
  readonly objects: ReadonlyMap<string, Uint8Array>
  /** Keys of objects that were damaged, and that nobody has written, put back or deleted since. */
  readonly damaged: ReadonlySet<string>
  /** Replaces an object behind the back of all, or removes it. */
  damage(key: string, bytes: Uint8Array | undefined): void
  /** Puts back what was there. */
  restore(key: string, bytes: Uint8Array): void
  /** As a person has it, at once and without faults. */
  readonly byHand: ObjectStore
  /** @param access of the process, where its definition limits that */
  connect(process: SimulatedProcess, access?: Access): ObjectStore
}

export interface BucketOptions {
  readonly clock: VirtualClock
  readonly faults: Faults
  readonly onWrite: (write: Write) => void
  /** Told of a write that the store refused. */
  readonly onRefused?: (by: SimulatedProcess, key: string) => void
  /** Told of what a process did outside of its access. */
  readonly onDenied?: (by: SimulatedProcess, operation: Operation, key: string) => void
  /** Told of an object that is not what was written any more. */
  readonly onLost?: (key: string) => void
  readonly outage?: Outage
  /** Of what is large, beside the round trip. */
  readonly uploadMs?: number
  readonly initial?: ReadonlyMap<string, Uint8Array>
}

export function createBucket(options: BucketOptions): Bucket {
  const { onWrite, initial = new Map() } = options
  const { onRefused = () => {}, onDenied = () => {}, onLost = () => {} } = options
  const objects = createObjects(initial)
  const requests = createRequests(options)
  const damaged = new Set<string>()
  const remove = (key: string) => {
    damaged.delete(key)
    objects.delete(key)
  }

  return {
    objects: objects.all,
    damaged,
    damage(key, bytes) {
      damaged.add(key)
      if (bytes === undefined) objects.delete(key)
      else objects.set(key, bytes)
      onLost(key)
    },
    restore(key, bytes) {
      damaged.delete(key)
      objects.set(key, bytes)
    },
    byHand: {
      location: LOCATION,
      get: async (key) => objects.all.get(key),
      put: async (key, bytes) => objects.set(key, bytes),
      async putIfAbsent(key, bytes) {
        if (objects.all.has(key)) return false
        objects.set(key, bytes)
        return true
      },
      async *list(prefix) {
        yield* objects.keysUnder(prefix)
      },
      async delete(key) {
        remove(key)
        onLost(key)
      },
    },
    connect(process, access) {
      const check = (operation: Operation, key: string) => {
        if (access !== undefined && !isAllowed(access, operation, key)) onDenied(process, operation, key)
      }
      const { read, write, ...others } = requests.of(process)
      const set = async (key: string, bytes: Uint8Array, replaces: boolean) => {
        check('write', key)
        let arrived = false
        const arrive = () => {
          arrived = true
          const there = objects.all.get(key)
          // What was damaged is nothing that was written.
          const before = damaged.has(key) ? undefined : there
          const kept = replaces || there === undefined
          if (kept) {
            damaged.delete(key)
            objects.set(key, bytes)
          }
          onWrite({ by: process, key, bytes, before, kept })
          return kept
        }
        try {
          return await write(key, arrive)
        } catch (error) {
          if (!arrived) onRefused(process, key)
          throw error
        }
      }
      return {
        location: LOCATION,
        get: (key) => {
          check('read', key)
          return read(key, () => objects.all.get(key))
        },
        async put(key, bytes) {
          await set(key, bytes, true)
        },
        putIfAbsent: (key, bytes) => set(key, bytes, false),
        async *list(prefix) {
          check('read', prefix)
          yield* await read(prefix, () => objects.keysUnder(prefix))
        },
        delete: (key) => {
          check('delete', key)
          return others.delete(key, () => remove(key))
        },
      }
    },
  }
}
