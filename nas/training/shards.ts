import { random } from '../random.ts'
import type { Tensors } from '../tensor.ts'

/* Features are cached in shards, objects of some tens of megabytes. */

/** A sample by its shard and its place in that. */
export interface Place {
  readonly shard: number
  readonly sample: number
}

/** Decoded shards that stay in memory. A set that does not fit is read again each epoch, one shard at a time. */
const CACHED_BYTES = 1 << 30

/** Caches shards, up to `CACHED_BYTES`; the one that was loaded first is evicted first. @param bytesOf its size in memory */
export function cachedShards<Shard>(
  load: (index: number) => Promise<Shard>,
  bytesOf: (shard: Shard) => number,
): (index: number) => Promise<Shard> {
  const shards = new Map<number, Shard>()
  let bytes = 0
  return async (index) => {
    const known = shards.get(index)
    if (known !== undefined) return known
    const shard = await load(index)
    shards.set(index, shard)
    bytes += bytesOf(shard)
    for (const [oldest, evicted] of shards) {
      if (bytes <= CACHED_BYTES || oldest === index) break
      shards.delete(oldest)
      bytes -= bytesOf(evicted)
    }
    return shard
  }
}

export const bytesOf = (tensors: Tensors): number =>
  Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0)

/**
 * Where the samples of a batch are, a pure function of (seed, step). Shards were filled at random; each epoch takes them in a new
 * order, and the samples of each in a new order, so that few shards are in use at a time.
 * @param counts samples of each shard
 */
export function placesOf(counts: readonly number[]) {
  const total = counts.reduce((sum, samples) => sum + samples, 0)
  const ordered = epochOrders(counts)
  return ({ batch, seed, step }: { readonly batch: number; readonly seed: number; readonly step: number }) =>
    Array.from({ length: batch }, (_, i): Place => {
      const position = step * batch + i
      return ordered(seed, Math.floor(position / total))[position % total]!
    })
}

/** The order of all samples in an epoch. The latest is remembered. */
function epochOrders(counts: readonly number[]): (seed: number, epoch: number) => readonly Place[] {
  const shuffled = (seed: number, epoch: number): Place[] =>
    random(seed, 'shards', epoch)
      .shuffle([...counts.keys()])
      .flatMap((shard) =>
        random(seed, 'samples', epoch, shard)
          .shuffle([...Array(counts[shard]!).keys()])
          .map((sample) => ({ shard, sample })),
      )
  let latest: { readonly key: string; readonly order: readonly Place[] } | undefined
  return (seed, epoch) => {
    const key = `${seed}:${epoch}`
    if (latest?.key !== key) latest = { key, order: shuffled(seed, epoch) }
    return latest.order
  }
}
