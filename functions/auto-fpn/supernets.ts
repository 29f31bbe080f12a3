import { type Module, modulesOf } from '../../nas/pipelines/auto-fpn/config.ts'
import {
  type Derived,
  derivedSchema,
  type FailedSearch,
  type Found,
} from '../../nas/pipelines/auto-fpn/derived.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys, supernetKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnRun } from '../../nas/pipelines/auto-fpn/run.ts'
import { type Necks, supernetsOf } from '../../nas/pipelines/auto-fpn/searches.ts'
import type { SupernetSpec } from '../../nas/pipelines/auto-fpn/specs.ts'
import { TRAIN_AGAIN } from '../../nas/runs/remedies.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { putSpec, trialKey } from '../../nas/runs/trial.ts'
import { autoFpnGenotypeSchema } from '../../nas/spaces/auto-fpn/genotype.ts'
import { RESUME, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { searchFailed } from '../search-failed.ts'
import { putSupernetShards } from '../supernet-shards.ts'

/** Writes the manifest of the searches of a module that are still to be run, a job each, and returns their number. */
export async function putSupernets(
  store: ObjectStore,
  record: AutoFpnRun,
  module: Module,
  necks: Necks,
): Promise<{ readonly manifest: string; readonly pending: number }> {
  const { run } = record
  const keys = autoFpnKeys(run)
  const manifest = keys.supernetShards(module)
  const trials: string[] = []
  for (const spec of supernetsOf(record, module, necks)) trials.push(await putSpec(store, spec))
  const conclusion = keys.derived(module)
  return { manifest, pending: await putSupernetShards(store, run, { manifest, conclusion }, trials) }
}

/**
 * What the searches of a module have found.
 * @throws TrellisError `job-failed` where the paper's method has failed; a baseline that has is not compared
 */
export async function derivedFrom(
  store: ObjectStore,
  { run }: AutoFpnRun,
  specs: readonly SupernetSpec[],
): Promise<Derived> {
  const found: Found[] = []
  const failed: FailedSearch[] = []
  for (const spec of specs) {
    const trial = trialKey(spec)
    const result = await finalResult(store, run, trial, autoFpn.task.result)
    if (result.status === 'succeeded') {
      const key = supernetKeys(trial).genotype
      const module = await requireJson(store, key, autoFpnGenotypeSchema, TRAIN_AGAIN, TRAIN_AGAIN)
      const genotype = { ...spec.neck?.genotype, ...module }
      found.push({ method: spec.method, trial, genotype, score: result.score })
    } else {
      if (spec.method === 'softmax')
        throw await searchFailed(store, run, { what: spec.module, trial, reason: result.reason })
      failed.push({ method: spec.method, reason: result.reason })
    }
  }
  return { found, ...(failed.length > 0 && { failed }) }
}

/** The necks that were derived; null where none was searched. */
export const recordedNecks = async (store: ObjectStore, { run, config }: AutoFpnRun) =>
  modulesOf(config).includes('neck')
    ? (await requireJson(store, autoFpnKeys(run).derived('neck'), derivedSchema, RESUME, RESUME)).found
    : null

/**
 * What the searches of the head have found; undefined where none was searched.
 * @param necks that were derived
 * @throws TrellisError `job-failed` as `derivedFrom` does
 */
export async function derivedHeads(
  store: ObjectStore,
  record: AutoFpnRun,
  necks: Necks,
): Promise<Derived | undefined> {
  if (!modulesOf(record.config).includes('head')) return undefined
  return derivedFrom(store, record, supernetsOf(record, 'head', necks))
}
