import { takeInventory } from '../../../../nas/data/inventory.ts'
import { contentHash } from '../../../../nas/hash.ts'
import { backboneKey } from '../../../../nas/pipelines/dpc/backbone.ts'
import {
  type FeaturesManifest,
  featuresKey,
  featuresManifestSchema,
} from '../../../../nas/pipelines/dpc/features.ts'
import { dpc as contract } from '../../../../nas/pipelines/dpc/index.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { putFiles } from '../../../../nas/runs/dataset.ts'
import { featuresKeys } from '../../../../nas/runs/inputs.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import { readMade } from '../../../../nas/runs/read-made.ts'
import type { RunRecord } from '../../../../nas/runs/record.ts'
import { jsonBytes, RESUME, requireJson } from '../../../../nas/store/json.ts'
import { encodeSafetensors } from '../../../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../../../nas/store/store.ts'
import type { Segmented } from '../../../../nas/tasks/segmentation.ts'
import { float32, int32 } from '../../../../nas/tensor.ts'
import { openFeatures } from '../../../../nas/training/feature-cache.ts'
import { readBackbone, trainBackbone } from '../../backbone.ts'
import type { TrialOutcome } from '../../trial-outcome.ts'
import { trainTrials, writeModel } from '../../trials.ts'
import type { Work } from '../pipeline.ts'

const pretrain: Work = (_, record, environment) =>
  trainBackbone(backboneKey(runOf(record, contract)), environment)

const features: Work = async (_, record, { store, work, outcomeOf }) => {
  const key = featuresKey(runOf(record, contract))
  const keys = featuresKeys(key)
  const split = (shard: number): FeaturesManifest['train'] => ({
    image: [65, 65],
    shards: [{ key: keys.shard(shard), samples: 1 }],
  })
  const { seconds, score } = outcomeOf(key)
  const backbone = await backboneOf(store, record)
  for (const shard of [0, 1]) {
    await work(1000 * seconds)
    const value = score + backbone + shard
    const tensors = { features: float32([1, 1, 1, 1], [value]), labels: int32([1, 1, 1], [0]) }
    await store.put(keys.shard(shard), encodeSafetensors(tensors))
  }
  const manifest: FeaturesManifest = { features: key, channels: 1, train: split(0), validation: split(1) }
  await store.put(keys.manifest, jsonBytes(manifest))
}

const backboneOf = (store: ObjectStore, record: RunRecord): Promise<number> =>
  readBackbone(store, backboneKey(runOf(record, contract)))

/** All features of a run together, read as the product reads them. */
async function featuresOf(store: ObjectStore, key: string): Promise<number> {
  const { manifest } = featuresKeys(key)
  const { train, validation } = await requireJson(store, manifest, featuresManifestSchema, RESUME, RESUME)
  const read = (shard: string) => readMade(store, { key: shard, manifest })
  let sum = 0
  for (const split of [train, validation])
    for await (const { inputs } of (await openFeatures(read, split)).batches(1))
      sum += inputs.features!.data[0]!
  return sum
}

/** @param read from what the training was given: what is damaged would show in its result */
const resultOf = ({ score }: TrialOutcome, losses: readonly number[], read: number): Segmented => ({
  status: 'succeeded',
  score,
  iou: [score, score],
  pixelAccuracy: score,
  loss: losses.at(-1)! + read,
  parameters: 7,
  multiplyAdds: 9,
})

const success = contract.task.result

const proxyTask: Work = (job, _, environment) => {
  const kind = { spec: contract.trials.proxy, success }
  return trainTrials(job, kind, environment, {
    open: ({ features }) => featuresOf(environment.store, features),
    finish: async (_, outcome, losses, read) => resultOf(outcome, losses, read),
  })
}

const train: Work = (job, record, environment) => {
  const kind = { spec: contract.trials.train, success }
  return trainTrials(job, kind, environment, {
    open: () => backboneOf(environment.store, record),
    finish: async (trial, outcome, losses, read) => {
      await writeModel(environment.store, trial)
      return resultOf(outcome, losses, read)
    },
  })
}

/** A file takes as long to check as it takes to read. */
const SURVEY_MS = 60_000

/** The fingerprint of a dataset is the hash of its files, by their versions. */
const survey: Work = async (_, { run, config, dataset }, { store, openDataset, work }) => {
  const files = await takeInventory(openDataset(config.dataset.path!), [''])
  await work(SURVEY_MS)
  const fingerprint = contentHash(files)
  await putFiles(store, run, fingerprint, files)
  await store.put(runKeys(run).dataset, jsonBytes({ ...dataset, fingerprint }))
}

export const work = { pretrain, features, 'proxy-task': proxyTask, train, survey } as const
