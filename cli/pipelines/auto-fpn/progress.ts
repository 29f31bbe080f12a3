import { z } from 'zod'
import { candidatesSchema } from '../../../nas/pipelines/auto-fpn/comparison.ts'
import { modulesOf } from '../../../nas/pipelines/auto-fpn/config.ts'
import { derivedSchema } from '../../../nas/pipelines/auto-fpn/derived.ts'
import {
  evaluatedIn,
  evolutionRoundSchema,
  evolutionSoFar,
} from '../../../nas/pipelines/auto-fpn/evolution.ts'
import { autoFpnKeys } from '../../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnRun } from '../../../nas/pipelines/auto-fpn/run.ts'
import { tallyOf } from '../../../nas/runs/rounds.ts'
import { getSound } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { comparedTrials, withoutRounds } from '../compared-trials.ts'
import type { Phase, StateExit, StoredProgress, TrialsChosen } from '../pipeline.ts'
import { madeOfAutoFpn } from './made.ts'
import { PHASES } from './phases.ts'

const proposal = z.object({ round: z.int() })

export async function trialsChosen(
  store: ObjectStore,
  run: string,
  { state, output }: StateExit,
): Promise<TrialsChosen | undefined> {
  if (state === 'Propose')
    return { trials: await evolvedIn(store, run, proposal.parse(output).round), all: false }
  if (state !== 'DeriveHead') return undefined
  return { trials: await comparedTrials(store, autoFpnKeys(run).candidates, candidatesSchema), all: true }
}

export async function progressFromStore(store: ObjectStore, record: AutoFpnRun): Promise<StoredProgress> {
  const pending = await comparedTrials(store, autoFpnKeys(record.run).candidates, candidatesSchema)
  if (pending.length > 0) return withoutRounds(PHASES.comparison, pending)
  return (await evolutionProgress(store, record)) ?? withoutRounds(await phaseOfSearch(store, record), [])
}

/** Undefined before its first round. */
async function evolutionProgress(
  store: ObjectStore,
  record: AutoFpnRun,
): Promise<StoredProgress | undefined> {
  const { run, config } = record
  const results = await evolutionSoFar(store, record)
  const proposed = await evolvedIn(store, run, results.length)
  if (results.length === 0 && proposed.length === 0) return undefined
  const { completed, failed, best } = tallyOf(evaluatedIn(results))
  return {
    phase: PHASES.evolution,
    machine: 'Search',
    round: results.length + 1,
    perShard: 1,
    total: config.baselines.evolution?.evaluations,
    trials: { completed, failed, best: best ?? undefined, pending: proposed },
  }
}

async function evolvedIn(store: ObjectStore, run: string, round: number): Promise<readonly string[]> {
  const proposed = await getSound(store, autoFpnKeys(run).evolution.round(round), evolutionRoundSchema)
  return (proposed?.candidates ?? []).map(({ trial }) => trial)
}

async function phaseOfSearch(store: ObjectStore, record: AutoFpnRun): Promise<Phase> {
  const made = await madeOfAutoFpn(store, record)
  if (!made.backbone) return PHASES.backbone
  if (!made.features) return PHASES.features
  const modules = modulesOf(record.config)
  if (modules.length === 0) return PHASES.comparison
  const keys = autoFpnKeys(record.run)
  const isNeckFound =
    !modules.includes('neck') || (await getSound(store, keys.derived('neck'), derivedSchema)) !== undefined
  return isNeckFound && modules.includes('head') ? PHASES.head : PHASES.neck
}
