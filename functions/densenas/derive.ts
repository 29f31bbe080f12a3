import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { architectureSchema } from '../../nas/pipelines/densenas/architecture.ts'
import { type Candidates, candidatesSchema } from '../../nas/pipelines/densenas/comparison.ts'
import { readCosts } from '../../nas/pipelines/densenas/costs.ts'
import type { Derived } from '../../nas/pipelines/densenas/derived.ts'
import { denseNas } from '../../nas/pipelines/densenas/index.ts'
import { denseNasKeys, supernetKeys } from '../../nas/pipelines/densenas/keys.ts'
import type { DenseNasRun } from '../../nas/pipelines/densenas/run.ts'
import { classifierSpec, supernetSpec } from '../../nas/pipelines/densenas/specs.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { exhausted } from '../../nas/runs/budget.ts'
import { hoursAtWork, readLedger, totals } from '../../nas/runs/ledger.ts'
import { trainAgain } from '../../nas/runs/remedies.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { trialKey } from '../../nas/runs/trial.ts'
import { costOf, genotypeOf } from '../../nas/spaces/densenas/architecture.ts'
import { derive as deriveFrom } from '../../nas/spaces/densenas/decode.ts'
import { toNetConfig } from '../../nas/spaces/densenas/net-config.ts'
import { getJson, jsonBytes, putJsonOnce, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { putTrainings, withTrials } from '../comparison.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { candidatesOf } from './candidates.ts'

/** Derives the network that the search has found, and decides, once, what is trained beside it. */
export const derive = lambdaFunction('Derive', z.object(runEvent), async ({ run }, { store }) => {
  const keys = denseNasKeys(run)
  const record = await readRunToContinue(store, run, denseNas)
  const derived = await derivedIn(store, record)
  await store.put(keys.derived, jsonBytes(derived))
  const recorded = await getJson(store, keys.candidates, candidatesSchema)
  const { contenders } = recorded ?? (await choose(store, record, derived))
  const pending = await putTrainings(store, keys.candidateShards, contenders, recorded !== undefined)
  return { run, manifest: keys.candidateShards, pending }
})

async function derivedIn(store: ObjectStore, record: DenseNasRun): Promise<Derived> {
  const spec = supernetSpec(record)
  const trial = trialKey(spec)
  const result = await finalResult(store, trial, denseNas.task.result)
  if (result.status === 'failed')
    throw new TrellisError('job-failed', `the search of the supernet failed: ${result.reason}`, {
      fix: 'mend that, then start a new run with other settings or another seed',
    })
  const parameters = await requireJson(
    store,
    supernetKeys(trial).architecture,
    architectureSchema,
    trainAgain(store, trial),
    trainAgain(store, trial),
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

async function choose(store: ObjectStore, record: DenseNasRun, { genotype }: Derived): Promise<Candidates> {
  const { budget, retrain } = record.config
  // What the comparison itself takes comes after this decision, which stays the same when it is taken again.
  const ledger = (await readLedger(store, record.run)).filter(({ job }) => job !== 'classifier')
  const limited = budget && exhausted(budget, { trials: 0, ...totals(ledger), hours: hoursAtWork(ledger) })
  const networks = candidatesOf(record, genotype, limited === undefined)
  const contenders = await withTrials(store, networks, retrain.seeds, ({ network }, seed) =>
    classifierSpec(record, network, seed),
  )
  return putJsonOnce(store, denseNasKeys(record.run).candidates, candidatesSchema, {
    contenders: [...contenders],
    ...(limited !== undefined && { limited: `no baselines: ${limited}` }),
  })
}
