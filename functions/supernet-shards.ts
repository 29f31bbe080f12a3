import { putShards } from '../nas/runs/shards.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { pendingTrials } from './pending.ts'

/**
 * Writes the manifest of the supernets that are still to be trained, a job each, and returns their number. Where there is a manifest,
 * the run is resumed.
 * @param conclusion the key of what is written once they have been trained
 */
export async function putSupernetShards(
  store: ObjectStore,
  run: string,
  { manifest, conclusion }: { readonly manifest: string; readonly conclusion: string },
  trials: readonly string[],
): Promise<number> {
  const isResumed = (await store.get(manifest)) !== undefined
  const pending = await pendingTrials(store, run, trials, isResumed ? conclusion : undefined)
  return putShards(store, manifest, pending, 1)
}
