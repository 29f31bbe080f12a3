import type { Module } from '../../nas/pipelines/auto-fpn/config.ts'
import type { Found } from '../../nas/pipelines/auto-fpn/derived.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys, supernetKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnRun } from '../../nas/pipelines/auto-fpn/run.ts'
import { methodsOf } from '../../nas/pipelines/auto-fpn/size.ts'
import { type SupernetSpec, supernetSpec } from '../../nas/pipelines/auto-fpn/specs.ts'
import { trainAgain } from '../../nas/runs/remedies.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { putSpec, trialKey } from '../../nas/runs/trial.ts'
import { autoFpnGenotypeSchema } from '../../nas/spaces/auto-fpn/genotype.ts'
import { requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { searchFailed } from '../search-failed.ts'
import { putSupernetShards } from '../supernet-shards.ts'

/** On which a module is searched: necks that were found, each by its method; null for FPN's, or where the neck is searched. */
type Necks = readonly Pick<Found, 'method' | 'trial' | 'genotype'>[] | null

/** The searches of a module, one by each method; of a head, where the method has found a neck. */
export const supernetsOf = (record: AutoFpnRun, module: Module, necks: Necks): readonly SupernetSpec[] =>
  necks === null
    ? methodsOf(record.config).map((method) => supernetSpec(record, module, method, null))
    : necks.map((neck) => supernetSpec(record, module, neck.method, neck))

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
 * @throws TrellisError `job-failed` where the paper's method has failed; a baseline that has is left out
 */
export async function foundBy(
  store: ObjectStore,
  { run }: AutoFpnRun,
  specs: readonly SupernetSpec[],
): Promise<readonly Found[]> {
  const found: Found[] = []
  for (const spec of specs) {
    const trial = trialKey(spec)
    const result = await finalResult(store, run, trial, autoFpn.task.result)
    if (result.status === 'succeeded') {
      const remedy = trainAgain(store, trial)
      const key = supernetKeys(trial).genotype
      const module = await requireJson(store, key, autoFpnGenotypeSchema, remedy, remedy)
      const genotype = { ...spec.neck?.genotype, ...module }
      found.push({ method: spec.method, trial, genotype, score: result.score })
    } else if (spec.method === 'softmax')
      throw await searchFailed(store, run, { what: spec.module, trial, reason: result.reason })
  }
  return found
}
