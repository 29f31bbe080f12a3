import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { architectureSchema } from '../../nas/pipelines/densenas/architecture.ts'
import { type Rivals, rivalsSchema } from '../../nas/pipelines/densenas/comparison.ts'
import { readCosts } from '../../nas/pipelines/densenas/costs.ts'
import type { Derived } from '../../nas/pipelines/densenas/derived.ts'
import { classifierSpec, supernetSpec } from '../../nas/pipelines/densenas/specs.ts'
import { type DenseNasRun, readRunOf } from '../../nas/pipelines/run.ts'
import { exhausted } from '../../nas/runs/budget.ts'
import { runKeys, trialKeys } from '../../nas/runs/keys.ts'
import { hoursAtWork, readLedger, totals } from '../../nas/runs/ledger.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { putShards } from '../../nas/runs/shards.ts'
import { forgetStarts } from '../../nas/runs/starts.ts'
import { putSpec, trialKey } from '../../nas/runs/trial.ts'
import { costOf, genotypeOf } from '../../nas/spaces/densenas/architecture.ts'
import { derive as deriveFrom } from '../../nas/spaces/densenas/decode.ts'
import { toNetConfig } from '../../nas/spaces/densenas/net-config.ts'
import { getJson, jsonBytes, putJsonOnce, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { contendersOf } from './contenders.ts'

/** Derives the network that the search has found, and decides, once, who is trained beside it. */
export const derive = lambdaFunction('Derive', z.object(runEvent), async ({ run }, { store }) => {
  const keys = runKeys(run)
  const record = await readRunOf(store, run, 'densenas')
  const derived = await derivedIn(store, record)
  await store.put(keys.derived, jsonBytes(derived))
  const recorded = await getJson(store, keys.rivals, rivalsSchema)
  const { contenders } = recorded ?? (await choose(store, record, derived))
  const trials = contenders.flatMap((contender) => contender.trials.map(({ trial }) => trial))
  if (recorded !== undefined) await forgetStarts(store, trials)
  return { run, manifest: keys.rivalShards, pending: await putShards(store, keys.rivalShards, trials, 1) }
})

async function derivedIn(store: ObjectStore, record: DenseNasRun): Promise<Derived> {
  const spec = supernetSpec(record)
  const trial = trialKey(spec)
  const result = await finalResult(store, trial)
  if (result.status === 'failed')
    throw new TrellisError('job-failed', `the search of the supernet failed: ${result.reason}`, {
      fix: 'mend that, then start a new run with other settings or another seed',
    })
  const parameters = await requireJson(
    store,
    trialKeys(trial).architecture,
    architectureSchema,
    `delete ${store.location}/${trialKeys(trial).result}, then resume the run: it searches again`,
  )
  const { architecture, probability } = deriveFrom(spec.space, parameters)
  const genotype = genotypeOf(spec.space, architecture)
  return {
    trial,
    genotype,
    netConfig: toNetConfig(genotype),
    path: architecture.path,
    probability,
    cost: {
      unit: spec.costs === null ? 'multiply-adds' : 'ms',
      value: costOf(spec.space, architecture, await readCosts(store, spec)),
    },
  }
}

/** Specs before the record of them: where it is, the trials can be run. */
async function choose(store: ObjectStore, record: DenseNasRun, { genotype }: Derived): Promise<Rivals> {
  const { budget, retrain } = record.config
  const ledger = await readLedger(store, record.run)
  const limited = budget && exhausted(budget, { trials: 0, ...totals(ledger), hours: hoursAtWork(ledger) })
  const contenders = []
  for (const contender of contendersOf(record, genotype, limited === undefined)) {
    const trials = []
    for (const seed of retrain.seeds) {
      trials.push({ seed, trial: await putSpec(store, classifierSpec(record, contender.network, seed)) })
    }
    contenders.push({ ...contender, trials })
  }
  return putJsonOnce(store, runKeys(record.run).rivals, rivalsSchema, {
    contenders,
    ...(limited !== undefined && { limited: `no baselines: ${limited}` }),
  })
}
