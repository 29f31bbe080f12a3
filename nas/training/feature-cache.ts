import { IGNORE } from '../data/dataset.ts'
import { TrellisError } from '../errors.ts'
import type { FeaturesManifest } from '../pipelines/dpc/features.ts'
import { random } from '../random.ts'
import { decodeSafetensors } from '../store/safetensors.ts'
import type { ObjectReader } from '../store/store.ts'
import { float32, int32, sizeOf, type Tensor, type Tensors } from '../tensor.ts'
import type { EvaluationBatch } from './evaluate.ts'

type Split = FeaturesManifest['train']
type Shard = { readonly features: Tensor; readonly labels: Tensor }

/** Decoded shards that are kept. A set that does not fit is read again each epoch, one shard at a time. */
const KEPT_BYTES = 1 << 30

/** Cached features of a split with their labels, a batch at a time. */
export interface CachedFeatures {
  /** [C,h,w] of one sample's features, [H,W] of its labels. */
  readonly shape: { readonly features: readonly number[]; readonly labels: readonly number[] }
  /**
   * The training batch of a step, a pure function of (seed, step). Shards were filled at random; each epoch takes them in a
   * new order, and the samples of each in a new order, so that few shards are in use at a time.
   */
  batch(options: { readonly batch: number; readonly seed: number; readonly step: number }): Promise<Tensors>
  /** All samples once, in order; the last batch is filled up with features of zero and ignored labels. */
  batches(batch: number): AsyncIterable<EvaluationBatch>
}

/** @throws TrellisError `not-found` for a shard that the manifest names and the store lacks. */
export async function openFeatures(store: ObjectReader, split: Split): Promise<CachedFeatures> {
  const total = split.shards.reduce((sum, { samples }) => sum + samples, 0)
  const load = keepRecent((index) => readShard(store, split.shards[index]!.key))
  const first = await load(0)
  const shape = { features: first.features.shape.slice(1), labels: first.labels.shape.slice(1) }
  const [featuresSize, labelsSize] = [sizeOf(shape.features), sizeOf(shape.labels)]

  const order = (seed: number, epoch: number) =>
    random(seed, 'shards', epoch)
      .shuffle([...split.shards.keys()])
      .flatMap((shard) =>
        random(seed, 'samples', epoch, shard)
          .shuffle([...Array(split.shards[shard]!.samples).keys()])
          .map((sample) => ({ shard, sample })),
      )
  let latest: { readonly key: string; readonly order: ReturnType<typeof order> } | undefined
  const ordered = (seed: number, epoch: number) => {
    const key = `${seed}:${epoch}`
    if (latest?.key !== key) latest = { key, order: order(seed, epoch) }
    return latest.order
  }

  async function gather(
    batch: number,
    samples: readonly { readonly shard: number; readonly sample: number }[],
  ) {
    const features = new Float32Array(batch * featuresSize)
    const labels = new Int32Array(batch * labelsSize).fill(IGNORE)
    for (const [i, { shard, sample }] of samples.entries()) {
      const from = await load(shard)
      const part = (data: Tensor['data'], size: number) => data.subarray(sample * size, (sample + 1) * size)
      features.set(part(from.features.data, featuresSize), i * featuresSize)
      labels.set(part(from.labels.data, labelsSize), i * labelsSize)
    }
    return {
      features: float32([batch, ...shape.features], features),
      labels: int32([batch, ...shape.labels], labels),
    }
  }

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
      const all = split.shards.flatMap(({ samples }, shard) =>
        Array.from({ length: samples }, (_, sample) => ({ shard, sample })),
      )
      for (let i = 0; i < all.length; i += batch) {
        const { features, labels } = await gather(batch, all.slice(i, i + batch))
        yield { inputs: { features }, labels }
      }
    },
  }
}

async function readShard(store: ObjectReader, key: string): Promise<Shard> {
  const bytes = await store.get(key)
  if (bytes === undefined)
    throw new TrellisError('not-found', `${store.location}/${key} does not exist`, {
      fix: 'delete the manifest beside it, then resume the run: the features are computed again',
    })
  const { features, labels } = decodeSafetensors(bytes, `${store.location}/${key}`).tensors
  return { features: features!, labels: labels! }
}

/** Keeps what was loaded last, up to `KEPT_BYTES`. */
function keepRecent(load: (index: number) => Promise<Shard>): (index: number) => Promise<Shard> {
  const kept = new Map<number, Shard>()
  let bytes = 0
  const size = ({ features, labels }: Shard) => features.data.byteLength + labels.data.byteLength
  return async (index) => {
    const known = kept.get(index)
    if (known !== undefined) return known
    const shard = await load(index)
    kept.set(index, shard)
    bytes += size(shard)
    for (const [oldest, dropped] of kept) {
      if (bytes <= KEPT_BYTES || oldest === index) break
      kept.delete(oldest)
      bytes -= size(dropped)
    }
    return shard
  }
}
