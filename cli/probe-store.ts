import type { ObjectStore } from '../nas/store/store.ts'

/** Writes an object of some size, and deletes it. @throws TrellisError `store-failed` where that cannot be done */
export async function probeStore(store: ObjectStore, bytes: number): Promise<void> {
  const probe = 'probe'
  await store.put(probe, new Uint8Array(bytes))
  await store.delete(probe)
}
