import { completed } from '../../nas/runs/completed.ts'
import { backboneKeys } from '../../nas/runs/inputs.ts'
import { readMade } from '../../nas/runs/read-made.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { float32 } from '../../nas/tensor.ts'
import type { JobEnvironment } from './job-environment.ts'
import { resumeTraining } from './training.ts'
import type { TrialOutcome } from './trial-outcome.ts'

/** Trains a backbone, which always succeeds. @param key of the backbone */
export async function trainBackbone(key: string, environment: JobEnvironment): Promise<void> {
  const { store, steps, outcomeOf } = environment
  const keys = backboneKeys(key)
  const outcome: TrialOutcome = { ...outcomeOf(key), failure: undefined }
  const training = await resumeTraining(environment, { key: keys.checkpoint, training: key, outcome, steps })
  completed(await training.train())
  await store.put(keys.weights, encodeSafetensors({ weights: float32([1], [outcome.score]) }))
  await store.put(keys.manifest, jsonBytes({ backbone: key }))
}

/** The weights that a backbone has, read as the product reads them. */
export async function readBackbone(store: ObjectStore, key: string): Promise<number> {
  const { weights, manifest } = backboneKeys(key)
  const read = await readMade(store, { key: weights, manifest })
  return read.weights!.data[0]!
}
