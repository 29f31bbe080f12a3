import { z } from 'zod'
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
import { TRAIN_AGAIN } from '../../nas/runs/remedies.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { trialKey } from '../../nas/runs/trial.ts'
import { costOf, genotypeOf } from '../../nas/spaces/densenas/architecture.ts'
import { derive as deriveFrom } from '../../nas/spaces/densenas/decode.ts'
import { toNetConfig } from '../../nas/spaces/densenas/net-config.ts'
import { getJson, jsonBytes, putJsonOnce, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { putTrainings, withoutBaselines, withTrials } from '../comparison.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { searchFailed } from '../search-failed.ts'
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
  const pending = await putTrainings(
    store,
    run,
    keys.candidateShards,
    contenders,
    recorded && keys.comparison,
  )
  return { run, manifest: keys.candidateShards, pending }
})

async function derivedIn(store: ObjectStore, record: DenseNasRun): Promise<Derived> {
  const spec = supernetSpec(record)
  const trial = trialKey(spec)
  const result = await finalResult(store, record.run, trial, denseNas.task.result)
  if (result.status === 'failed')
    throw await searchFailed(store, record.run, { what: 'supernet', trial, reason: result.reason })
  const parameters = await requireJson(
    store,
    supernetKeys(trial).architecture,
    architectureSchema,
    TRAIN_AGAIN,
    TRAIN_AGAIN,
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
  const limited = await withoutBaselines(store, record, 'classifier')
  const spec = supernetSpec(record)
  const networks = candidatesOf(record, derived, {
    latencies: spec.costs === null ? null : await readCosts(store, spec),
    withBaselines: limited === undefined,
  })
  const contenders = await withSpecs(store, record, networks)
  return putJsonOnce(store, denseNasKeys(record.run).candidates, candidatesSchema, {
    contenders: [...contenders],
    ...(limited !== undefined && { limited }),
  })
}
