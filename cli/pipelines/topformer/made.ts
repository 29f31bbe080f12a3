import { isMeasured } from '../../../nas/pipelines/topformer/latency.ts'
import { pretrainSpec } from '../../../nas/pipelines/topformer/pretraining.ts'
import type { TopformerRun } from '../../../nas/pipelines/topformer/run.ts'
import { supernetSpec, variedIn } from '../../../nas/pipelines/topformer/specs.ts'
import { trialKeys } from '../../../nas/runs/keys.ts'
import { isAny } from '../../../nas/runs/references.ts'
import { type TrialSpec, trialKey } from '../../../nas/runs/trial.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'

/** Whether the store has the latencies that a run needs, its pretraining, and all its supernets. */
export async function madeOfTopformer(store: ObjectStore, record: TopformerRun) {
  const pretraining = pretrainSpec(record)
  const hasResult = (spec: TrialSpec) => isAny(store, trialKeys(trialKey(spec)).result)
  const supernets = variedIn(record).map((varied) => hasResult(supernetSpec(record, varied)))
  return {
    latency: await isMeasured(store, record),
    pretrain: pretraining === undefined || (await hasResult(pretraining)),
    supernet: (await Promise.all(supernets)).every((is) => is),
  }
}
