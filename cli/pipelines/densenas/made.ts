import { getLatencies } from '../../../nas/pipelines/densenas/latency.ts'
import type { DenseNasRun } from '../../../nas/pipelines/densenas/run.ts'
import { supernetSpec } from '../../../nas/pipelines/densenas/specs.ts'
import { trialKeys } from '../../../nas/runs/keys.ts'
import { isAny } from '../../../nas/runs/references.ts'
import { trialKey } from '../../../nas/runs/trial.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'

/** The inputs of a comparison that are there. */
export async function madeOfDenseNas(store: ObjectStore, record: DenseNasRun) {
  const spec = supernetSpec(record)
  return {
    latency: spec.costs === null || (await getLatencies(store, spec.costs)) !== undefined,
    supernet: await isAny(store, trialKeys(trialKey(spec)).result),
  }
}
