import { autoFpn as contract } from '../../../../nas/pipelines/auto-fpn/index.ts'
import {
  backboneKey,
  type FeaturesManifest,
  featuresKey,
  featuresManifestSchema,
} from '../../../../nas/pipelines/auto-fpn/inputs.ts'
import { supernetKeys } from '../../../../nas/pipelines/auto-fpn/keys.ts'
import type { SupernetSpec } from '../../../../nas/pipelines/auto-fpn/specs.ts'
import { random } from '../../../../nas/random.ts'
import { featuresKeys } from '../../../../nas/runs/inputs.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import { readWeights } from '../../../../nas/runs/model.ts'
import { readMade } from '../../../../nas/runs/read-made.ts'
import {
  architectureParametersOf,
  architectureTypes,
  decode,
} from '../../../../nas/spaces/auto-fpn/architecture-parameters.ts'
import { entryOf } from '../../../../nas/spaces/auto-fpn/search/history.ts'
import { jsonBytes, RESUME, requireJson } from '../../../../nas/store/json.ts'
import { encodeSafetensors } from '../../../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../../../nas/store/store.ts'
import type { Detected } from '../../../../nas/tasks/detection.ts'
import { float32, sizeOf } from '../../../../nas/tensor.ts'
import { openLevels } from '../../../../nas/training/detection/cached-levels.ts'
import { packTruths } from '../../../../nas/training/detection/truth.ts'
import { readBackbone, trainBackbone } from '../../backbone.ts'
import type { TrialOutcome } from '../../trial-outcome.ts'
import { trainTrials, writeModel } from '../../trials.ts'
import type { Work } from '../pipeline.ts'
import { autoFpnRunOf } from './artifacts.ts'

const backbone: Work = (_, record, environment) =>
  trainBackbone(backboneKey(autoFpnRunOf({ record })), environment)

const features: Work = async (_, record, { store, work, outcomeOf }) => {
  const run = autoFpnRunOf({ record })
  const key = featuresKey(run)
  const keys = featuresKeys(key)
  const half = (shard: number): FeaturesManifest['weights'] => [{ key: keys.shard(shard), samples: 1 }]
  const { seconds, score } = outcomeOf(key)
  const trained = await readBackbone(store, backboneKey(run))
  for (const shard of [0, 1]) {
    await work(1000 * seconds)
    const level0 = float32([1, 1, 1, 1], [score + trained + shard])
    const truths = packTruths([{ boxes: Float32Array.of(0, 0, 1, 1), labels: [0] }])
    await store.put(keys.shard(shard), encodeSafetensors({ level0, truths }))
  }
  const manifest: FeaturesManifest = { features: key, weights: half(0), architecture: half(1) }
  await store.put(keys.manifest, jsonBytes(manifest))
}

/** The features of both halves together, read as the product reads them. */
async function featuresOf(store: ObjectStore, key: string): Promise<number> {
  const { manifest } = featuresKeys(key)
  const { weights, architecture } = await requireJson(store, manifest, featuresManifestSchema, RESUME, RESUME)
  const read = (shard: string) => readMade(store, { key: shard, manifest })
  let sum = 0
  for (const half of [weights, architecture]) {
    const { level0 } = await openLevels(read, half).batch({ batch: 1, seed: 0, step: 0 })
    sum += level0!.data[0]!
  }
  return sum
}

/** What a search is given: features or a backbone, and the weights of the neck. */
async function givenOf(store: ObjectStore, { features, backbone, neck }: SupernetSpec): Promise<number> {
  const from =
    features === null ? await readBackbone(store, backbone.weights) : await featuresOf(store, features)
  if (neck === null || neck.trial === null) return from
  return from + (await readWeights(store, neck.trial)).weights!.data[0]!
}

/** Leaves weights, and architecture parameters as if the trial had found them. */
async function leaveSearch(store: ObjectStore, trial: string, spec: SupernetSpec, { score }: TrialOutcome) {
  const rng = random(0, 'architecture', trial)
  const drawn = architectureTypes(spec.space).map(({ name, shape }) => [
    name,
    float32(shape, Array.from({ length: sizeOf(shape) }, rng.normal)),
  ])
  const parameters = architectureParametersOf(spec.space, Object.fromEntries(drawn))
  const keys = supernetKeys(trial)
  await store.put(keys.genotype, jsonBytes(decode(spec.space, parameters)))
  await store.put(keys.history, jsonBytes({ entries: [entryOf({ step: 1, loss: 1, cost: 1, parameters })] }))
  const weights = { weights: float32([1], [score]) }
  await store.put(trialKeys(trial).weights, encodeSafetensors(weights, { trial }))
}

/** @param read from what the training was given: what is damaged would show in its result */
const resultOf = ({ score }: TrialOutcome, losses: readonly number[], read: number): Detected => ({
  status: 'succeeded',
  score,
  ap50: score,
  ap75: score,
  bySize: { small: null, medium: score, large: null },
  classes: [null, null],
  loss: losses.at(-1)! + read,
  parameters: 7,
  multiplyAdds: 9,
})

const success = contract.task.result

const supernet: Work = (job, _, environment) => {
  const { store } = environment
  const kind = { spec: contract.trials.supernet, success }
  return trainTrials(job, kind, environment, {
    open: (spec) => givenOf(store, spec),
    finish: async (trial, outcome, losses, read, spec) => {
      await leaveSearch(store, trial, spec, outcome)
      // The network that was found is scored on images.
      return resultOf(outcome, losses, read + (await readBackbone(store, spec.backbone.weights)))
    },
  })
}

const detector: Work = (job, _, environment) => {
  const { store } = environment
  const kind = { spec: contract.trials.detector, success }
  return trainTrials(job, kind, environment, {
    open: (spec) => readBackbone(store, spec.backbone.weights),
    finish: async (trial, outcome, losses, read) => {
      await writeModel(store, trial)
      return resultOf(outcome, losses, read)
    },
  })
}

const evolution: Work = (job, _, environment) => {
  const { store } = environment
  const kind = { spec: contract.trials.proxy, success }
  return trainTrials(job, kind, environment, {
    open: (spec) => readBackbone(store, spec.backbone.weights),
    finish: async (_, outcome, losses, read) => resultOf(outcome, losses, read),
  })
}

export const work = { backbone, features, neck: supernet, head: supernet, evolution, detector } as const
