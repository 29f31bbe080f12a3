import { IGNORE } from '../data/dataset.ts'
import { random } from '../random.ts'
import { float32, int32, sizeOf, type Tensor, type Tensors } from '../tensor.ts'
import type { EvaluationBatch } from './evaluate.ts'

/** Where the features of a split are. */
export interface FeatureShards {
  readonly shards: readonly { readonly key: string; readonly samples: number }[]
}

interface Shard {
  readonly features: Tensor
  readonly labels: Tensor
}

/** A sample by its shard and its place in that. */
interface Sample {
  readonly shard: number
  readonly sample: number
}

/** Decoded shards that stay in memory. A set that does not fit is read again each epoch, one shard at a time. */
const CACHED_BYTES = 1 << 30

/** Cached features of a split with their labels, a batch at a time. */
export interface CachedFeatures {
  /** [C,h,w] of one sample's features, [H,W] of its labels. */
  readonly shape: { readonly features: readonly number[]; readonly labels: readonly number[] }
  /**
   * The training batch of a step, a pure function of (seed, step). Shards were filled at random; each epoch takes them in a
   * new order, and the samples of each in a new order, so that few shards are in use at a time.
   */
  batch(options: { readonly batch: number; readonly seed: number; readonly step: number }): Promise<Tensors>
  /** All samples once, in order; the last batch is padded with features of zero and ignored labels. */
  batches(batch: number): AsyncIterable<EvaluationBatch>
}

/** @param read the tensors of a shard, by its key */
export async function openFeatures(
  read: (key: string) => Promise<Tensors>,
  split: FeatureShards,
): Promise<CachedFeatures> {
  const counts = split.shards.map(({ samples }) => samples)
  const total = counts.reduce((sum, samples) => sum + samples, 0)
  const load = cached(async (index) => {
    const { features, labels } = await read(split.shards[index]!.key)
    return { features: features!, labels: labels! }
  })
  const first = await load(0)
  const shape = { features: first.features.shape.slice(1), labels: first.labels.shape.slice(1) }
  const ordered = epochOrders(counts)
  const gather = gathering(load, shape)
  return {
    shape,
    batch: ({ batch, seed, step }) =>
      gather(
        batch,
        Array.from({ length: batch }, (_, i) => {
          const position = step * batch + i
          return ordered(seed, Math.floor(position / total))[position % total]!
        }),
      ),
    async *batches(batch) {
      const all = counts.flatMap((samples, shard) =>
        Array.from({ length: samples }, (_, sample) => ({ shard, sample })),
      )
      for (let i = 0; i < all.length; i += batch) {
        const { features, labels } = await gather(batch, all.slice(i, i + batch))
        yield { inputs: { features }, labels }
      }
    },
  }
}

/** The order of all samples in an epoch. The latest is remembered. */
function epochOrders(counts: readonly number[]): (seed: number, epoch: number) => readonly Sample[] {
  const shuffled = (seed: number, epoch: number): Sample[] =>
    random(seed, 'shards', epoch)
      .shuffle([...counts.keys()])
      .flatMap((shard) =>
        random(seed, 'samples', epoch, shard)
          .shuffle([...Array(counts[shard]!).keys()])
          .map((sample) => ({ shard, sample })),
      )
  let latest: { readonly key: string; readonly order: readonly Sample[] } | undefined
  return (seed, epoch) => {
    const key = `${seed}:${epoch}`
    if (latest?.key !== key) latest = { key, order: shuffled(seed, epoch) }
    return latest.order
  }
}

/** Copies samples into a batch, which is padded where they are fewer. */
function gathering(load: (shard: number) => Promise<Shard>, shape: CachedFeatures['shape']) {
  const sizes = { features: sizeOf(shape.features), labels: sizeOf(shape.labels) }
  return async (batch: number, samples: readonly Sample[]) => {
    const features = new Float32Array(batch * sizes.features)
    const labels = new Int32Array(batch * sizes.labels).fill(IGNORE)
    for (const [i, { shard, sample }] of samples.entries()) {
      const from = await load(shard)
      const part = (data: Tensor['data'], size: number) => data.subarray(sample * size, (sample + 1) * size)
      features.set(part(from.features.data, sizes.features), i * sizes.features)
      labels.set(part(from.labels.data, sizes.labels), i * sizes.labels)
    }
    return {
      features: float32([batch, ...shape.features], features),
      labels: int32([batch, ...shape.labels], labels),
    }
  }
}

/** Caches shards, up to `CACHED_BYTES`; the one that was loaded first is evicted first. */
function cached(load: (index: number) => Promise<Shard>): (index: number) => Promise<Shard> {
  const shards = new Map<number, Shard>()
  let bytes = 0
  const size = ({ features, labels }: Shard) => features.data.byteLength + labels.data.byteLength
  return async (index) => {
    const known = shards.get(index)
    if (known !== undefined) return known
    const shard = await load(index)
    shards.set(index, shard)
    bytes += size(shard)
    for (const [oldest, evicted] of shards) {
      if (bytes <= CACHED_BYTES || oldest === index) break
      shards.delete(oldest)
      bytes -= size(evicted)
    }
    return shard
  }
}
