import { aggregate } from '../../../functions/dpc/aggregate.ts'
import { checkDue } from '../../../functions/dpc/check-due.ts'
import { correlate } from '../../../functions/dpc/correlate.ts'
import { decode } from '../../../functions/dpc/decode.ts'
import { pickTop } from '../../../functions/dpc/pick-top.ts'
import { prepare } from '../../../functions/dpc/prepare.ts'
import { propose } from '../../../functions/dpc/propose.ts'
import { random } from '../../../nas/random.ts'
import type { Result } from '../../../nas/runs/result.ts'
import type { TrialSpec } from '../../../nas/runs/trial.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { type Segmented, segmentation } from '../../../nas/tasks/segmentation.ts'
import { sharedIn, work as workOn } from '../machine.ts'

/** All functions that the machines of dpc call. */
export const servicesOf = (store: ObjectStore) => ({
  ...sharedIn(store),
  Prepare: prepare({ store }),
  Propose: propose({ store }),
  Aggregate: aggregate({ store }),
  PickTop: pickTop({ store }),
  Correlate: correlate({ store }),
  Decode: decode({ store }),
  CheckDue: checkDue({ store }),
})

/** A score that depends on the spec alone; some proxy trials fail. */
export function fakeScore(spec: TrialSpec): Result<Segmented> {
  const rng = random(spec.seed, 'fake', spec.kind, JSON.stringify('genotype' in spec ? spec.genotype : spec))
  if (spec.kind === 'proxy' && rng.uniform() < 0.1)
    return { status: 'failed', reason: 'loss is NaN at step 3' }
  const score = rng.uniform()
  return {
    status: 'succeeded',
    score,
    iou: [score],
    pixelAccuracy: score,
    loss: 1,
    parameters: 7,
    multiplyAdds: 9,
  }
}

/** Does the work of all jobs of a manifest. */
export const work = (store: ObjectStore, manifest: string, score = fakeScore): Promise<void> =>
  workOn(store, manifest, score, segmentation.result)

/** The loop of the search. */
export async function search(store: ObjectStore, run: string, score = fakeScore): Promise<void> {
  const call = servicesOf(store)
  let { round } = await call.Prepare({ run })
  for (let enough = false; !enough; ) {
    const { manifest } = await call.Propose({ run, round })
    await work(store, manifest, score)
    ;({ round, enough } = await call.Aggregate({ run, round }))
  }
}

/** What the machine Rerank does. */
export async function rerank(store: ObjectStore, run: string, score = fakeScore): Promise<void> {
  const call = servicesOf(store)
  const { edition, manifest } = await call.PickTop({ run })
  await work(store, manifest, score)
  await call.Correlate({ run, edition })
}

/** What the machine Search does. */
export async function runMachine(store: ObjectStore, run: string, score = fakeScore): Promise<void> {
  const call = servicesOf(store)
  await search(store, run, score)
  await rerank(store, run, score)
  await call.Decode({ run })
  await call.Finalize({ run })
}
