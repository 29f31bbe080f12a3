import { takeInventory } from '../../../../nas/data/inventory.ts'
import { contentHash } from '../../../../nas/hash.ts'
import { backboneKey } from '../../../../nas/pipelines/dpc/backbone.ts'
import { type FeaturesManifest, featuresKey } from '../../../../nas/pipelines/dpc/features.ts'
import { dpc as contract } from '../../../../nas/pipelines/dpc/index.ts'
import { backboneKeys, featuresKeys } from '../../../../nas/pipelines/dpc/keys.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { completed } from '../../../../nas/runs/completed.ts'
import { putFiles } from '../../../../nas/runs/dataset.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import { jsonBytes } from '../../../../nas/store/json.ts'
import type { Segmented } from '../../../../nas/tasks/segmentation.ts'
import { resumeTraining } from '../../training.ts'
import type { TrialOutcome } from '../../trial-outcome.ts'
import { trainTrials, writeModel } from '../../trials.ts'
import type { Work } from '../pipeline.ts'

const BYTES = new TextEncoder().encode('simulated')

const pretrain: Work = async (_, record, environment) => {
  const { store, steps, outcomeOf } = environment
  const key = backboneKey(runOf(record, contract))
  const keys = backboneKeys(key)
  const outcome: TrialOutcome = { ...outcomeOf(key), failure: undefined }
  const training = await resumeTraining(environment, { key: keys.checkpoint, training: key, outcome, steps })
  completed(await training.train())
  await store.put(keys.weights, BYTES)
  await store.put(keys.manifest, jsonBytes({ backbone: key }))
}

const features: Work = async (_, record, { store, work, outcomeOf }) => {
  const key = featuresKey(runOf(record, contract))
  const keys = featuresKeys(key)
  const split = (shard: number): FeaturesManifest['train'] => ({
    image: [65, 65],
    shards: [{ key: keys.shard(shard), samples: 1 }],
  })
  for (const shard of [0, 1]) {
    await work(1000 * outcomeOf(key).seconds)
    await store.put(keys.shard(shard), BYTES)
  }
  const manifest: FeaturesManifest = { features: key, channels: 1, train: split(0), validation: split(1) }
  await store.put(keys.manifest, jsonBytes(manifest))
}

const resultOf = ({ score }: TrialOutcome, losses: readonly number[]): Segmented => ({
  status: 'succeeded',
  score,
  iou: [score, score],
  pixelAccuracy: score,
  loss: losses.at(-1)!,
  parameters: 7,
  multiplyAdds: 9,
})

const success = contract.task.result

const proxyTask: Work = (job, _, environment) =>
  trainTrials(job, { spec: contract.trials.proxy, success }, environment, async (_, outcome, losses) =>
    resultOf(outcome, losses),
  )

const train: Work = (job, _, environment) =>
  trainTrials(job, { spec: contract.trials.train, success }, environment, async (trial, outcome, losses) => {
    await writeModel(environment.store, trial)
    return resultOf(outcome, losses)
  })

/** A file takes as long to check as it takes to read. */
const SURVEY_MS = 60_000

/** The fingerprint of a dataset is the hash of its files, by their versions. */
const survey: Work = async (_, { run, config, dataset }, { store, openDataset, work }) => {
  const files = await takeInventory(openDataset(config.dataset.path!))
  await work(SURVEY_MS)
  const fingerprint = contentHash(files)
  await putFiles(store, run, fingerprint, files)
  await store.put(runKeys(run).dataset, jsonBytes({ ...dataset, fingerprint }))
}

export const work = { pretrain, features, 'proxy-task': proxyTask, train, survey } as const
