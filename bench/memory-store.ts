import type { ObjectStore } from '../nas/store/store.ts'

/** Objects in memory, with an index by folder: costs nothing beside what is measured. */
export function memoryStore(): ObjectStore {
  const objects = new Map<string, Uint8Array>()
  const folders = new Map<string, Set<string>>()
  const folderOf = (key: string) => key.slice(0, key.lastIndexOf('/') + 1)
  const put = (key: string, bytes: Uint8Array) => {
    objects.set(key, bytes)
    const folder = folders.get(folderOf(key)) ?? new Set()
    folders.set(folderOf(key), folder.add(key))
  }
  return {
    location: 'memory:',
    get: async (key) => objects.get(key),
    put: async (key, bytes) => put(key, bytes),
    async putIfAbsent(key, bytes) {
      if (objects.has(key)) return false
      put(key, bytes)
      return true
    },
    /** Of whole folders only. */
    async *list(prefix) {
      yield* [...(folders.get(prefix) ?? [])].sort()
    },
    async delete(key) {
      objects.delete(key)
      folders.get(folderOf(key))?.delete(key)
    },
  }
}
