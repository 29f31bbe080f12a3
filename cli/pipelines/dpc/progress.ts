import { z } from 'zod'
import { backboneKey } from '../../../nas/pipelines/dpc/backbone.ts'
import { candidatesSchema } from '../../../nas/pipelines/dpc/comparison.ts'
import { baselineCount } from '../../../nas/pipelines/dpc/config.ts'
import { featuresKey, featuresManifestSchema } from '../../../nas/pipelines/dpc/features.ts'
import { dpcKeys } from '../../../nas/pipelines/dpc/keys.ts'
import { leaderboardOf, readLeaderboard } from '../../../nas/pipelines/dpc/leaderboard.ts'
import { type Round, roundSchema } from '../../../nas/pipelines/dpc/round.ts'
import type { DpcRun } from '../../../nas/pipelines/dpc/run.ts'
import { backboneKeys, backboneManifestSchema, featuresKeys } from '../../../nas/runs/inputs.ts'
import { getJson, getSound, RESUME } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import type { Phase, StateExit, StoredProgress, TrialsChosen } from '../pipeline.ts'
import { PHASES } from './phases.ts'

const proposal = z.object({ round: z.int() })

export async function trialsChosen(
  store: ObjectStore,
  run: string,
  { state, output }: StateExit,
): Promise<TrialsChosen | undefined> {
  const keys = dpcKeys(run)
  if (state === 'Propose') {
    const round = await getJson(store, keys.round(proposal.parse(output).round), roundSchema)
    return { trials: scoredIn(round).map(({ trial }) => trial), all: false }
  }
  if (state === 'PickTop') {
    const picked = await getJson(store, keys.rerankCandidates, candidatesSchema, RESUME)
    const trials = (picked?.contenders ?? []).flatMap((candidate) => candidate.trials)
    return { trials: trials.map(({ trial }) => trial), all: true }
  }
  return undefined
}

export async function progressFromStore(store: ObjectStore, record: DpcRun): Promise<StoredProgress> {
  const keys = dpcKeys(record.run)
  const { search, budget } = record.config
  const baselines = baselineCount(record.config)
  const [picked, leaderboard] = await Promise.all([
    getJson(store, keys.rerankCandidates, candidatesSchema, RESUME),
    readLeaderboard(store, record.run),
  ])
  const { rounds, ranked, failed } = leaderboard ?? leaderboardOf(0, [])
  if (picked !== undefined) {
    const pending = picked.contenders.flatMap(({ trials }) => trials.map(({ trial }) => trial))
    return {
      phase: PHASES.fullTraining,
      machine: 'Rerank',
      round: undefined,
      perShard: 1,
      total: pending.length,
      trials: { completed: 0, failed: 0, best: undefined, pending },
    }
  }
  const round = await getJson(store, keys.round(rounds), roundSchema)
  const phase = await phaseBeforeRanking(store, record)
  return {
    phase,
    machine: 'Search',
    round: rounds + 1,
    perShard: phase === PHASES.search ? search.trialsPerJob : 1,
    total: phase !== PHASES.search ? 1 : budget.trials && budget.trials + baselines,
    trials: {
      // The first round scores the baselines, too.
      completed: ranked.length + failed.length + (rounds > 0 ? baselines : 0),
      failed: failed.length,
      best: ranked[0]?.score,
      pending: scoredIn(round).map(({ trial }) => trial),
    },
  }
}

const scoredIn = (round: Round | undefined) => [...(round?.candidates ?? []), ...(round?.baselines ?? [])]

async function phaseBeforeRanking(store: ObjectStore, record: DpcRun): Promise<Phase> {
  const features = featuresKeys(featuresKey(record)).manifest
  if ((await getSound(store, features, featuresManifestSchema)) !== undefined) return PHASES.search
  const backbone = backboneKeys(backboneKey(record)).manifest
  const isTrained = (await getSound(store, backbone, backboneManifestSchema)) !== undefined
  return isTrained ? PHASES.features : PHASES.pretraining
}
