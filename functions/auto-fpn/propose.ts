import { z } from 'zod'
import {
  childrenOf,
  type EvolutionRound,
  evaluatedBefore,
  evolutionRoundSchema,
} from '../../nas/pipelines/auto-fpn/evolution.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnRun } from '../../nas/pipelines/auto-fpn/run.ts'
import { proxySpec } from '../../nas/pipelines/auto-fpn/specs.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import type { AutoFpnGenotype } from '../../nas/spaces/auto-fpn/genotype.ts'
import { getJson, putJsonOnce } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { withoutBaselines } from '../comparison.ts'
import { lambdaFunction, roundEvent } from '../lambda-function.ts'
import { putRoundShards } from '../rounds.ts'
import { derivedHeads, recordedNecks } from './supernets.ts'

/** Decides which detectors a round of evolution trains, once, and lists those that no run has trained yet. */
export const propose = lambdaFunction('Propose', z.object(roundEvent), async ({ run, round }, { store }) => {
  const keys = autoFpnKeys(run).evolution
  const record = await readRunToContinue(store, run, autoFpn)
  const recorded = await getJson(store, keys.round(round), evolutionRoundSchema)
  const { candidates } = recorded ?? (await proposeRound(store, record, round))
  const manifest = keys.shards(round)
  const pending = await putRoundShards(store, run, candidates, {
    manifest,
    results: keys.results(round),
    size: 1,
    putSpecsAgain: recorded && ((genotypes) => withTrials(store, record, genotypes)),
  })
  return { run, round, manifest, pending }
})

/**
 * A baseline does not begin where the searches have failed, or have used up what the budget allows.
 * @throws TrellisError `job-failed` where the search of the head has failed
 */
async function proposeRound(store: ObjectStore, record: AutoFpnRun, round: number): Promise<EvolutionRound> {
  // Where the search of the head has failed there is nothing to compare evolution with.
  if (round === 0) await derivedHeads(store, record, await recordedNecks(store, record))
  const limited = round === 0 ? await withoutBaselines(store, record, 'detector') : undefined
  const genotypes =
    limited === undefined ? childrenOf(record, await evaluatedBefore(store, record, round), round) : []
  return putJsonOnce(store, autoFpnKeys(record.run).evolution.round(round), evolutionRoundSchema, {
    round,
    // Specs before the round: where a round is recorded, its trials can be run.
    candidates: await withTrials(store, record, genotypes),
    ...(limited !== undefined && { limited }),
  })
}

/** The detectors with the keys of their trials, whose specs are written. */
const withTrials = (
  store: ObjectStore,
  record: AutoFpnRun,
  genotypes: readonly AutoFpnGenotype[],
): Promise<EvolutionRound['candidates']> =>
  mapObjects(genotypes, async (genotype) => ({
    trial: await putSpec(store, proxySpec(record, genotype)),
    genotype,
  }))
