import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { type Candidates, candidatesSchema } from '../../nas/pipelines/topformer/comparison.ts'
import { frontOf } from '../../nas/pipelines/topformer/front.ts'
import { allResults } from '../../nas/pipelines/topformer/history.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { readTask } from '../../nas/pipelines/topformer/latency.ts'
import type { RoundResults } from '../../nas/pipelines/topformer/round.ts'
import type { TopformerRun } from '../../nas/pipelines/topformer/run.ts'
import { type TrainedNetwork, trainSpec } from '../../nas/pipelines/topformer/specs.ts'
import { isScored } from '../../nas/runs/rounds.ts'
import type { TopformerTask } from '../../nas/spaces/topformer/cost.ts'
import { getJson, jsonBytes, putJsonOnce } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { putTrainings, withoutBaselines, withTrials } from '../comparison.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { loadedOnce } from '../loaded-once.ts'
import { finalistsOf } from './finalists.ts'

/** Picks the networks that the search has found, and decides, once, what is trained beside them. */
export const derive = lambdaFunction('Derive', z.object(runEvent), async ({ run }, { store }) => {
  const keys = topformerKeys(run)
  const record = await readRunToContinue(store, run, topformer)
  const results = await allResults(store, record)
  const task = await readTask(store, record)
  await store.put(keys.front, jsonBytes(frontOf(record, results, task)))
  const recorded = await getJson(store, keys.candidates, candidatesSchema)
  const contenders =
    recorded === undefined
      ? (await choose(store, record, task, results)).contenders
      : await withSpecs(store, record, recorded.contenders)
  const pending = await putTrainings(
    store,
    run,
    keys.candidateShards,
    contenders,
    recorded && keys.comparison,
  )
  return { run, manifest: keys.candidateShards, pending }
})

/** Builds networks to count them, which no other function does. */
const candidates = loadedOnce(() => import('./candidates.ts'))

/** The networks with their trials, whose specs are written, also again where they are gone. */
const withSpecs = <N extends { readonly network: TrainedNetwork }>(
  store: ObjectStore,
  record: TopformerRun,
  networks: readonly N[],
) =>
  withTrials(store, networks, record.config.retrain.seeds, ({ network }, seed) =>
    trainSpec(record, network, seed),
  )

async function choose(
  store: ObjectStore,
  record: TopformerRun,
  task: TopformerTask,
  results: readonly RoundResults[],
): Promise<Candidates> {
  const { run } = record
  const finalists = finalistsOf(record, results, task)
  if (finalists.length === 0) {
    const failure = results.flatMap(({ searches }) => searches.flat()).find((each) => !isScored(each))
    throw new TrellisError(
      'job-failed',
      `no network of ${run} could be evaluated: ${failure && 'reason' in failure ? failure.reason : 'none was'}`,
      { fix: 'start a new run with other settings: these evaluations would fail again' },
    )
  }
  const limited = await withoutBaselines(store, record, 'train')
  const { candidatesOf } = await candidates()
  const networks = candidatesOf(record, finalists, task, limited === undefined)
  return putJsonOnce(store, topformerKeys(run).candidates, candidatesSchema, {
    contenders: [...(await withSpecs(store, record, networks))],
    ...(limited !== undefined && { limited }),
  })
}
