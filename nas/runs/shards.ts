import type { ObjectStore } from '../store/store.ts'
import { trialKeys } from './keys.ts'
import { mapObjects } from './map-objects.ts'

/**
 * Writes a manifest of the trials that have no result yet, `size` of them a line: each line is the input of one job.
 * Returns the number of lines.
 */
export async function putShards(
  store: ObjectStore,
  manifest: string,
  trials: readonly string[],
  size: number,
): Promise<number> {
  const done = await mapObjects(
    trials,
    async (trial) => (await store.get(trialKeys(trial).result)) !== undefined,
  )
  const pending = trials.filter((_, i) => !done[i])
  const shards = Array.from({ length: Math.ceil(pending.length / size) }, (_, i) => ({
    trials: pending.slice(i * size, (i + 1) * size),
  }))
  await store.put(
    manifest,
    new TextEncoder().encode(shards.map((shard) => `${JSON.stringify(shard)}\n`).join('')),
  )
  return shards.length
}
