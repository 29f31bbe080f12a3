import { createHash } from 'node:crypto'
import type { VersionedStore } from '../../nas/store/store.ts'

/** A store in memory that can be told to die: the write after `writes` more, and all that follow, fail. */
export interface MemoryStore extends VersionedStore {
  readonly objects: Map<string, Uint8Array>
  /** Keys of all reads and writes so far. */
  readonly asked: string[]
  dieAfter(writes: number): void
}

export function memoryStore(): MemoryStore {
  const objects = new Map<string, Uint8Array>()
  const asked: string[] = []
  let writes = Number.POSITIVE_INFINITY
  const put = async (key: string, bytes: Uint8Array) => {
    asked.push(key)
    if (writes-- <= 0) throw new Error('died')
    objects.set(key, bytes)
  }
  return {
    location: 'memory:',
    objects,
    asked,
    dieAfter: (count) => {
      writes = count
    },
    get: async (key) => {
      asked.push(key)
      return objects.get(key)
    },
    put,
    putIfAbsent: async (key, bytes) => {
      if (objects.has(key)) return false
      await put(key, bytes)
      return true
    },
    async *list(prefix) {
      yield* [...objects.keys()].filter((key) => key.startsWith(prefix)).sort()
    },
    async *versions(prefix) {
      for await (const key of this.list(prefix)) {
        yield [key, createHash('md5').update(objects.get(key)!).digest('hex')]
      }
    },
    delete: async (key) => {
      objects.delete(key)
    },
  }
}
