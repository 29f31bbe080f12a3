import { type AugmentOptions, augment, evaluationInput, type Input } from '../../nas/data/augment.ts'
import { subsampleLabels } from '../../nas/data/batches.ts'
import type { SampleRef } from '../../nas/data/dataset.ts'
import { GraphBuilder } from '../../nas/graph/builder.ts'
import { mobileNetV2Features } from '../../nas/nets/mobilenet-v2.ts'
import { backboneKey } from '../../nas/pipelines/dpc/backbone.ts'
import { type FeaturesManifest, featuresKey } from '../../nas/pipelines/dpc/features.ts'
import { random } from '../../nas/random.ts'
import { Interrupted } from '../../nas/runs/interrupted.ts'
import { featuresKeys } from '../../nas/runs/keys.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import { float32, int32 } from '../../nas/tensor.ts'
import { LABEL_STRIDE, subsampled } from '../../nas/training/segmentation.ts'
import { evaluationSize } from '../evaluation-size.ts'
import type { SegmentationContext } from '../segmentation.ts'
import { readBackbone } from './backbone.ts'

type Size = readonly [height: number, width: number]

/** Samples of one object: a few tens of megabytes. */
const SHARD = 32
const BATCH = 8

/**
 * Caches what the trained backbone makes of every training image, in several random crops, and of every validation image,
 * whole (DPC section 3.3): the cells of a search are all trained on these.
 */
export async function features(context: SegmentationContext): Promise<void> {
  const { store, record, engine, signal, progress } = context
  const { proxy, seed, backbone } = record.config
  const key = featuresKey(record)
  const keys = featuresKeys(key)
  const dataset = await context.dataset()
  const weights = await readBackbone(store, backboneKey(record))
  const state = engine.state(weights)
  const written = new Set<string>()
  for await (const name of store.list(`features/${key}/`)) written.add(name)

  const crops = dataset.train.flatMap((ref) =>
    Array.from({ length: proxy.views }, (_, view) => ({ ref, input: () => trainingView(ref, view) })),
  )
  const trainingView = async (ref: SampleRef, view: number) =>
    augment(await dataset.load(ref), proxy as AugmentOptions, random(seed, 'view', view, ref.name))
  const whole = await evaluationSize(dataset)
  const images = dataset.validation.map((ref) => ({
    ref,
    input: async () => evaluationInput(await dataset.load(ref), whole),
  }))

  let [shards, done] = [0, 0]
  const total = crops.length + images.length

  async function cacheSplit(size: Size, samples: readonly { readonly input: () => Promise<Input> }[]) {
    const graph = new GraphBuilder()
    const image = graph.input('image', { dtype: 'float32', shape: [BATCH, 3, ...size] })
    const output = mobileNetV2Features(
      { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } },
      image,
      backbone,
    )
    const program = await engine.compile(graph.build({ features: output }))
    const [, channels, h, w] = output.type.shape as [number, number, number, number]
    const labelsSize = subsampled(size, LABEL_STRIDE)

    async function cacheShard(part: typeof samples): Promise<Uint8Array> {
      const features = new Float32Array(part.length * channels * h * w)
      const labels = new Int32Array(part.length * labelsSize[0] * labelsSize[1])
      for (let i = 0; i < part.length; i += BATCH) {
        if (signal.aborted) throw new Interrupted()
        const inputs = await Promise.all(part.slice(i, i + BATCH).map(({ input }) => input()))
        const batch = new Float32Array(BATCH * 3 * size[0] * size[1])
        inputs.forEach((input, j) => {
          batch.set(input.image, j * input.image.length)
          const row = subsampleLabels(input.labels, ...size, LABEL_STRIDE)
          labels.set(row, (i + j) * row.length)
        })
        const result = await program.run(state, { image: float32([BATCH, 3, ...size], batch) })
        features.set(
          result.features!.data.subarray(0, inputs.length * channels * h * w),
          i * channels * h * w,
        )
        done += inputs.length
        progress({ trial: key, step: done, steps: total, loss: Number.NaN })
      }
      return encodeSafetensors({
        features: float32([part.length, channels, h, w], features),
        labels: int32([part.length, ...labelsSize], labels),
      })
    }

    const entries: { key: string; samples: number }[] = []
    for (let i = 0; i < samples.length; i += SHARD) {
      const part = samples.slice(i, i + SHARD)
      const shard = keys.shard(shards++)
      // An earlier attempt wrote the same bytes.
      if (!written.has(shard)) await store.put(shard, await cacheShard(part))
      entries.push({ key: shard, samples: part.length })
    }
    await program.dispose()
    return { channels, split: { image: size, shards: entries } }
  }

  const train = await cacheSplit(proxy.crop, random(seed, 'features').shuffle(crops))
  const validation = await cacheSplit(whole, images)
  const manifest: FeaturesManifest = {
    features: key,
    channels: train.channels,
    train: train.split,
    validation: validation.split,
  }
  await store.put(keys.manifest, jsonBytes(manifest))
}
