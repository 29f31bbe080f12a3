import { putShards, withoutResult } from '../nas/runs/shards.ts'
import { forgetAttempts } from '../nas/runs/starts.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/**
 * Writes the manifest of the supernets that have no result yet, a job each, and returns their number. Where there is a manifest, the
 * run is resumed, and its supernets get all their attempts again.
 */
export async function putSupernetShards(
  store: ObjectStore,
  run: string,
  manifest: string,
  trials: readonly string[],
): Promise<number> {
  const isResumed = (await store.get(manifest)) !== undefined
  const pending = await withoutResult(store, trials)
  if (isResumed) await forgetAttempts(store, run, pending)
  return putShards(store, manifest, pending, 1)
}
