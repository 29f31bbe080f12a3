import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { architectureSchema } from '../../nas/pipelines/densenas/architecture.ts'
import type { ClassifierNetwork } from '../../nas/pipelines/densenas/classifier-network.ts'
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
import { finalResult, getRunFailure } from '../../nas/runs/result.ts'
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
  const contenders =
    recorded === undefined
      ? (await choose(store, record, derived)).contenders
      : await withSpecs(store, record, recorded.contenders)
  const pending = await putTrainings(store, run, keys.candidateShards, contenders, recorded !== undefined)
  return { run, manifest: keys.candidateShards, pending }
})

async function derivedIn(store: ObjectStore, record: DenseNasRun): Promise<Derived> {
  const spec = supernetSpec(record)
  const trial = trialKey(spec)
  const result = await finalResult(store, record.run, trial, denseNas.task.result)
  if (result.status === 'failed')
    throw new TrellisError('job-failed', `the search of the supernet failed: ${result.reason}`, {
      fix: (await getRunFailure(store, record.run, trial))
        ? `trellis resume ${record.run} searches again`
        : 'start a new run with other settings or another seed: this search would fail again',
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

/** The networks with their trials, whose specs are written, also again where they are gone. */
const withSpecs = <N extends { readonly network: ClassifierNetwork }>(
  store: ObjectStore,
  record: DenseNasRun,
  networks: readonly N[],
) =>
  withTrials(store, networks, record.config.retrain.seeds, ({ network }, seed) =>
    classifierSpec(record, network, seed),
  )

async function choose(store: ObjectStore, record: DenseNasRun, derived: Derived): Promise<Candidates> {
  const { budget } = record.config
  // What the comparison itself takes comes after this decision, which stays the same when it is taken again.
  const ledger = (await readLedger(store, record.run)).filter(({ job }) => job !== 'classifier')
  const spent = { trials: 0, ...totals(ledger), hours: hoursAtWork(ledger) }
  const limited = budget && exhausted(budget, spent, record.reserved)
  const spec = supernetSpec(record)
  const networks = candidatesOf(record, derived, {
    latencies: spec.costs === null ? null : await readCosts(store, spec),
    withBaselines: limited === undefined,
  })
  const contenders = await withSpecs(store, record, networks)
  return putJsonOnce(store, denseNasKeys(record.run).candidates, candidatesSchema, {
    contenders: [...contenders],
    ...(limited !== undefined && { limited: `no baselines: ${limited}` }),
  })
}
