import type { ObjectStore } from '../store/store.ts'
import { trialKeys } from './keys.ts'
import { mapObjects } from './map-objects.ts'

/**
 * The trials that have no result yet. One that is named twice, as when a baseline is what the search has found, is there once: jobs
 * that ran it side by side would take each other's starts for its deaths.
 */
export async function withoutResult(
  store: ObjectStore,
  trials: readonly string[],
): Promise<readonly string[]> {
  const each = [...new Set(trials)]
  const done = await mapObjects(
    each,
    async (trial) => (await store.get(trialKeys(trial).result)) !== undefined,
  )
  return each.filter((_, i) => !done[i])
}

/** Writes a manifest of trials, `size` of them a line: each line is the input of one job. @returns the number of lines */
export async function putShards(
  store: ObjectStore,
  manifest: string,
  trials: readonly string[],
  size: number,
): Promise<number> {
  const shards = Array.from({ length: Math.ceil(trials.length / size) }, (_, i) => ({
    trials: trials.slice(i * size, (i + 1) * size),
  }))
  await store.put(
    manifest,
    new TextEncoder().encode(shards.map((shard) => `${JSON.stringify(shard)}\n`).join('')),
  )
  return shards.length
}
