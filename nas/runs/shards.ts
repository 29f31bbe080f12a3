import type { ObjectStore } from '../store/store.ts'
import { trialKeys } from './keys.ts'
import { mapObjects } from './map-objects.ts'

/**
 * Writes a manifest of the trials that have no result yet, `size` of them a line: each line is the input of one job.
 * A trial that is named twice, as when a baseline is what the search has found, is there once: jobs that ran it side by side
 * would take each other's starts for its deaths. Returns the number of lines.
 */
export async function putShards(
  store: ObjectStore,
  manifest: string,
  trials: readonly string[],
  size: number,
): Promise<number> {
  const each = [...new Set(trials)]
  const done = await mapObjects(
    each,
    async (trial) => (await store.get(trialKeys(trial).result)) !== undefined,
  )
  const pending = each.filter((_, i) => !done[i])
  const shards = Array.from({ length: Math.ceil(pending.length / size) }, (_, i) => ({
    trials: pending.slice(i * size, (i + 1) * size),
  }))
  await store.put(
    manifest,
    new TextEncoder().encode(shards.map((shard) => `${JSON.stringify(shard)}\n`).join('')),
  )
  return shards.length
}
