import { z } from 'zod'
import { type Candidates, candidatesSchema } from '../../nas/pipelines/auto-fpn/comparison.ts'
import type { Found } from '../../nas/pipelines/auto-fpn/derived.ts'
import {
  evaluatedIn,
  evolutionRoundSchema,
  evolutionSoFar,
  fittest,
} from '../../nas/pipelines/auto-fpn/evolution.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnRun } from '../../nas/pipelines/auto-fpn/run.ts'
import { detectorSpec } from '../../nas/pipelines/auto-fpn/specs.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import type { AutoFpnGenotype } from '../../nas/spaces/auto-fpn/genotype.ts'
import { getJson, jsonBytes, putJsonOnce, RESUME, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { putTrainings, withoutBaselines, withTrials } from '../comparison.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { candidatesOf } from './candidates.ts'
import { derivedHeads, recordedNecks } from './supernets.ts'

/** Derives the head where one was searched, and decides, once, what is trained beside what was found. */
export const deriveHead = lambdaFunction('DeriveHead', z.object(runEvent), async ({ run }, { store }) => {
  const keys = autoFpnKeys(run)
  const record = await readRunToContinue(store, run, autoFpn)
  const necks = await recordedNecks(store, record)
  const heads = await derivedHeads(store, record, necks)
  if (heads) await store.put(keys.derived('head'), jsonBytes(heads))
  const recorded = await getJson(store, keys.candidates, candidatesSchema)
  const { genotype } = record
  const found = genotype ? [{ method: 'softmax', genotype } as const] : (heads?.found ?? necks!)
  const contenders =
    recorded === undefined
      ? (await choose(store, record, found)).contenders
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

/** The detectors with their trials, whose specs are written, also again where they are gone. */
const withSpecs = <D extends { readonly genotype: AutoFpnGenotype | null }>(
  store: ObjectStore,
  record: AutoFpnRun,
  detectors: readonly D[],
) =>
  withTrials(store, detectors, record.config.retrain.seeds, ({ genotype }, seed) =>
    detectorSpec(record, genotype, seed),
  )

/** What evolution has found, if anything, and why there are no baselines, if there are none: evolution decides that before it begins. */
async function evolvedIn(store: ObjectStore, record: AutoFpnRun) {
  if (record.config.baselines.evolution === undefined)
    return { evolved: undefined, limited: await withoutBaselines(store, record, 'detector') }
  const key = autoFpnKeys(record.run).evolution.round(0)
  const { limited } = await requireJson(store, key, evolutionRoundSchema, RESUME)
  return { evolved: fittest(evaluatedIn(await evolutionSoFar(store, record)))?.genotype, limited }
}

async function choose(
  store: ObjectStore,
  record: AutoFpnRun,
  found: readonly Pick<Found, 'method' | 'genotype'>[],
): Promise<Candidates> {
  const { evolved, limited } = await evolvedIn(store, record)
  const contenders = await withSpecs(
    store,
    record,
    await candidatesOf(record, found, { withBaselines: limited === undefined, evolved }),
  )
  return putJsonOnce(store, autoFpnKeys(record.run).candidates, candidatesSchema, {
    contenders: [...contenders],
    ...(limited !== undefined && { limited }),
  })
}
