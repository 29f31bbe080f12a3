import { topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { pretrainSpec } from '../../nas/pipelines/topformer/pretraining.ts'
import type { TopformerRun } from '../../nas/pipelines/topformer/run.ts'
import { supernetSpec, variedIn } from '../../nas/pipelines/topformer/specs.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { putSpec, trialKey } from '../../nas/runs/trial.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { classification } from '../../nas/tasks/classification.ts'
import { searchFailed } from '../search-failed.ts'
import { putSupernetShards } from '../supernet-shards.ts'

/** Shards of trainings that have no result. */
interface Listed {
  readonly manifest: string
  readonly pending: number
}

/** Lists the pretraining of a run; undefined where there is none, or none to do. */
export async function putPretraining(store: ObjectStore, record: TopformerRun): Promise<Listed | undefined> {
  const spec = pretrainSpec(record)
  if (spec === undefined) return undefined
  const { pretrainShards: manifest, round } = topformerKeys(record.run)
  const trials = [await putSpec(store, spec)]
  const pending = await putSupernetShards(store, record.run, { manifest, conclusion: round(0) }, trials)
  return pending > 0 ? { manifest, pending } : undefined
}

/**
 * Lists the supernets of a run.
 * @throws TrellisError `job-failed` where what they start from could not be pretrained
 */
export async function putSupernets(store: ObjectStore, record: TopformerRun): Promise<Listed> {
  await checkPretraining(store, record)
  const supernets = await mapObjects(variedIn(record), (varied) =>
    putSpec(store, supernetSpec(record, varied)),
  )
  const { supernetShards: manifest, round } = topformerKeys(record.run)
  const pending = await putSupernetShards(store, record.run, { manifest, conclusion: round(0) }, supernets)
  return { manifest, pending }
}

async function checkPretraining(store: ObjectStore, record: TopformerRun): Promise<void> {
  const spec = pretrainSpec(record)
  if (spec === undefined) return
  const [{ run }, trial] = [record, trialKey(spec)]
  const result = await finalResult(store, run, trial, classification.result)
  if (result.status === 'failed')
    throw await searchFailed(store, run, { what: 'pretrained supernet', trial, reason: result.reason })
}
