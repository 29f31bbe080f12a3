import { IGNORE } from '../data/dataset.ts'
import { float32, int32, sizeOf, type Tensor, type Tensors } from '../tensor.ts'
import type { EvaluationBatch } from './evaluate.ts'
import { bytesOf, cachedShards, type Place, placesOf } from './shards.ts'

/** Where the features of a split are. */
export interface FeatureShards {
  readonly shards: readonly { readonly key: string; readonly samples: number }[]
}

type Shard = Readonly<Record<'features' | 'labels', Tensor>>

/** Cached features of a split with their labels, a batch at a time. */
export interface CachedFeatures {
  /** [C,h,w] of one sample's features, [H,W] of its labels. */
  readonly shape: { readonly features: readonly number[]; readonly labels: readonly number[] }
  /** The training batch of a step: see `placesOf`. */
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
  const load = cachedShards(async (index): Promise<Shard> => {
    const { features, labels } = await read(split.shards[index]!.key)
    return { features: features!, labels: labels! }
  }, bytesOf)
  const first = await load(0)
  const shape = { features: first.features.shape.slice(1), labels: first.labels.shape.slice(1) }
  const places = placesOf(counts)
  const gather = gathering(load, shape)
  return {
    shape,
    batch: (options) => gather(options.batch, places(options)),
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

/** Copies samples into a batch, which is padded where they are fewer. */
function gathering(load: (shard: number) => Promise<Shard>, shape: CachedFeatures['shape']) {
  const sizes = { features: sizeOf(shape.features), labels: sizeOf(shape.labels) }
  return async (batch: number, samples: readonly Place[]) => {
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
