import { isMeasured } from '../../../nas/pipelines/topformer/latency.ts'
import type { TopformerRun } from '../../../nas/pipelines/topformer/run.ts'
import { supernetSpec, variedIn } from '../../../nas/pipelines/topformer/specs.ts'
import { trialKeys } from '../../../nas/runs/keys.ts'
import { isAny } from '../../../nas/runs/references.ts'
import { trialKey } from '../../../nas/runs/trial.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'

/** Whether the store has the latencies that a run needs, and all its supernets. */
export async function madeOfTopformer(store: ObjectStore, record: TopformerRun) {
  const each = variedIn(record).map((varied) =>
    isAny(store, trialKeys(trialKey(supernetSpec(record, varied))).result),
  )
  return { latency: await isMeasured(store, record), supernet: (await Promise.all(each)).every((is) => is) }
}
