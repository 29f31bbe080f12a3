import { z } from 'zod'
import { backboneKey, backboneManifestSchema } from '../../../nas/pipelines/dpc/backbone.ts'
import { featuresKey, featuresManifestSchema } from '../../../nas/pipelines/dpc/features.ts'
import { leaderboardOf, leaderboardSchema } from '../../../nas/pipelines/dpc/leaderboard.ts'
import { choiceSchema } from '../../../nas/pipelines/dpc/rerank.ts'
import { roundSchema } from '../../../nas/pipelines/dpc/round.ts'
import type { DpcRun } from '../../../nas/pipelines/run.ts'
import { backboneKeys, featuresKeys, runKeys, trialKeys } from '../../../nas/runs/keys.ts'
import { getJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import type { Phase } from '../../phases.ts'
import type { Chosen, Left, Stored } from '../pipeline.ts'

export const begins: Readonly<Record<string, Phase>> = {
  Pretrain: 'pretraining',
  CacheFeatures: 'features',
  Propose: 'search',
  PickTop: 'full training',
  Survey: 'new data',
}

const proposal = z.object({ round: z.int() })

export async function chosen(
  store: ObjectStore,
  run: string,
  { state, output }: Left,
): Promise<Chosen | undefined> {
  const keys = runKeys(run)
  if (state === 'Propose') {
    const round = await getJson(store, keys.round(proposal.parse(output).round), roundSchema)
    return { trials: (round?.candidates ?? []).map(({ trial }) => trial), all: false }
  }
  if (state === 'PickTop') {
    const choice = await getJson(store, keys.rerankCandidates, choiceSchema)
    const trials = (choice?.contenders ?? []).flatMap((contender) => contender.trials)
    return { trials: trials.map(({ trial }) => trial), all: true }
  }
  return undefined
}

export async function stored(store: ObjectStore, record: DpcRun): Promise<Stored> {
  const keys = runKeys(record.run)
  const { search, budget } = record.config
  const [choice, leaderboard] = await Promise.all([
    getJson(store, keys.rerankCandidates, choiceSchema),
    getJson(store, keys.leaderboard, leaderboardSchema),
  ])
  const { rounds, ranked, failed } = leaderboard ?? leaderboardOf(0, [])
  if (choice !== undefined) {
    const open = choice.contenders.flatMap(({ trials }) => trials).length
    return {
      phase: 'full training',
      perShard: 1,
      total: open,
      trials: { settled: 0, failed: 0, best: undefined, open },
    }
  }
  const round = await getJson(store, keys.round(rounds), roundSchema)
  const phase = await phaseBeforeRanking(store, record)
  return {
    phase,
    round: rounds + 1,
    perShard: phase === 'search' ? search.trialsPerJob : 1,
    total: phase === 'search' ? budget.trials : 1,
    trials: {
      settled: ranked.length + failed.length,
      failed: failed.length,
      best: ranked[0]?.score,
      open: round?.candidates.length ?? 0,
    },
  }
}

async function phaseBeforeRanking(store: ObjectStore, record: DpcRun): Promise<Phase> {
  const features = featuresKeys(featuresKey(record)).manifest
  if ((await getJson(store, features, featuresManifestSchema)) !== undefined) return 'search'
  const backbone = backboneKeys(backboneKey(record)).manifest
  return (await getJson(store, backbone, backboneManifestSchema)) === undefined ? 'pretraining' : 'features'
}

/** Of what may be unfinished: the backbone, the round after those on the leaderboard, and full training. */
export async function checkpoints(store: ObjectStore, record: DpcRun): Promise<readonly string[]> {
  const keys = runKeys(record.run)
  const rounds = (await getJson(store, keys.leaderboard, leaderboardSchema))?.rounds ?? 0
  const round = await getJson(store, keys.round(rounds), roundSchema)
  const choice = await getJson(store, keys.rerankCandidates, choiceSchema)
  const trials = [...(round?.candidates ?? []), ...(choice?.contenders ?? []).flatMap((cell) => cell.trials)]
  return [
    backboneKeys(backboneKey(record)).checkpoint,
    ...trials.map(({ trial }) => trialKeys(trial).checkpoint),
  ]
}
