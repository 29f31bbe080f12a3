import { functions } from '../../functions/index.ts'
import type { RunRecord } from '../../nas/pipelines/run.ts'
import { random } from '../../nas/random.ts'
import { runKeys, trialKeys } from '../../nas/runs/keys.ts'
import { putResult, type Result } from '../../nas/runs/result.ts'
import { type TrialSpec, trialSpecSchema } from '../../nas/runs/trial.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

export const HOUR = 3_600_000

/** A world of functions at a time of one's choice. */
export const servicesOf = (store: ObjectStore) => functions({ store })

export const start = (store: ObjectStore, record: RunRecord) =>
  store.put(runKeys(record.run).config, jsonBytes(record))

/** A score that depends on the spec alone; some proxy trials fail. */
export function fakeScore(spec: TrialSpec): Result {
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
export async function work(store: ObjectStore, manifest: string, score = fakeScore): Promise<void> {
  const lines = new TextDecoder()
    .decode(await store.get(manifest))
    .trim()
    .split('\n')
    .filter(Boolean)
  for (const line of lines) {
    for (const trial of (JSON.parse(line) as { trials: string[] }).trials) {
      const keys = trialKeys(trial)
      const spec = await requireJson(store, keys.spec, trialSpecSchema, 'propose')
      await store.put(keys.model, new TextEncoder().encode(`model of ${trial}`))
      await putResult(store, trial, score(spec))
    }
  }
}

/** The loop of the dpc machine. */
export async function search(store: ObjectStore, run: string, score = fakeScore): Promise<void> {
  const call = servicesOf(store)
  let { round } = await call.Prepare({ run })
  for (let enough = false; !enough; ) {
    const { manifest } = await call.Propose({ run, round })
    await work(store, manifest, score)
    ;({ round, enough } = await call.Aggregate({ run, round }))
  }
}

/** What the rerank machine does. */
export async function rerank(store: ObjectStore, run: string, score = fakeScore): Promise<void> {
  const call = servicesOf(store)
  const { edition, manifest } = await call.PickTop({ run })
  await work(store, manifest, score)
  await call.Correlate({ run, edition })
}

/** What the dpc machine does. */
export async function runMachine(store: ObjectStore, run: string, score = fakeScore): Promise<void> {
  const call = servicesOf(store)
  await search(store, run, score)
  await rerank(store, run, score)
  await call.Decode({ run })
  await call.Settle({ run })
}
