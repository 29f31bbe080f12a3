import { augment, evaluationInput } from '../../nas/data/augment.ts'
import type { SampleRef } from '../../nas/data/dataset.ts'
import { evaluationSize } from '../../nas/data/evaluation-size.ts'
import { backboneKey } from '../../nas/pipelines/dpc/backbone.ts'
import { type FeaturesManifest, featuresKey } from '../../nas/pipelines/dpc/features.ts'
import { augmentationOf } from '../../nas/pipelines/dpc/settings.ts'
import { random } from '../../nas/random.ts'
import { featuresKeys } from '../../nas/runs/inputs.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { readBackbone } from '../backbone.ts'
import { type Compute, cacheSplit } from './cache-split.ts'
import type { DpcContext } from './context.ts'

/**
 * Caches the features that the trained backbone computes of every training image, in several random crops, and of every
 * validation image, whole (DPC section 3.3): the cells of a search are all trained on these.
 */
export async function features(context: DpcContext): Promise<void> {
  const { store, record, engine, signal } = context
  const { proxy, seed, backbone } = record.config
  const augmentation = augmentationOf(proxy)
  const key = featuresKey(record)
  const keys = featuresKeys(key)
  const dataset = await context.dataset()
  const state = engine.state(await readBackbone(store, backboneKey(record)))
  const written = new Set<string>()
  for await (const name of store.list(`features/${key}/`)) written.add(name)

  const trainingView = async (ref: SampleRef, view: number) =>
    augment(await dataset.load(ref), augmentation, random(seed, 'view', view, ref.name))
  const crops = dataset.train.flatMap((ref) =>
    Array.from({ length: proxy.views }, (_, view) => () => trainingView(ref, view)),
  )
  const whole = await evaluationSize(dataset, dataset.validation)
  const images = dataset.validation.map((ref) => async () => evaluationInput(await dataset.load(ref), whole))

  let [shards, done] = [0, 0]
  const compute: Compute = {
    engine,
    state,
    backbone,
    signal,
    // An earlier attempt wrote the same bytes; a job that found some of them damaged has deleted those.
    async put(samples, make) {
      const name = keys.shard(shards++)
      if (!written.has(name)) await store.put(name, await make())
      return { key: name, samples }
    },
    onSamples(count) {
      done += count
      context.progress({ trial: key, step: done, steps: crops.length + images.length, loss: Number.NaN })
    },
  }
  const train = await cacheSplit(compute, augmentation.crop, random(seed, 'features').shuffle(crops))
  const validation = await cacheSplit(compute, whole, images)
  const manifest: FeaturesManifest = {
    features: key,
    channels: train.channels,
    train: train.split,
    validation: validation.split,
  }
  await store.put(keys.manifest, jsonBytes(manifest))
}
