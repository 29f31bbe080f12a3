import { backboneKey, backboneManifestSchema } from '../../nas/runs/backbone.ts'
import { featuresKey, featuresManifestSchema } from '../../nas/runs/features.ts'
import { backboneKeys, featuresKeys, runKeys } from '../../nas/runs/keys.ts'
import { leaderboardOf, leaderboardSchema } from '../../nas/runs/leaderboard.ts'
import { hoursAtWork, type LedgerEntry, readLedger, totals } from '../../nas/runs/ledger.ts'
import { choiceSchema } from '../../nas/runs/rerank.ts'
import { roundSchema } from '../../nas/runs/round.ts'
import type { RunRecord } from '../../nas/runs/run.ts'
import { getJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { type Limit, outlook } from '../outlook.ts'
import type { Phase, Progress } from '../progress.ts'
import type { Shards } from './shards.ts'

/** The job of each phase. */
const JOBS: Readonly<Record<Phase, LedgerEntry['job']>> = {
  pretraining: 'pretrain',
  features: 'features',
  search: 'proxy-task',
  'full training': 'train',
  'new data': 'survey',
}

/** What the store tells of how far a run is. */
export interface Stored {
  readonly phase: Phase
  /** Of the search, from 1. */
  readonly round: number
  readonly ledger: readonly LedgerEntry[]
  readonly trials: {
    /** Whose results are on the leaderboard. */
    readonly settled: number
    readonly failed: number
    readonly best: number | undefined
    /** Of the round, or of the re-ranking: trials under way. */
    readonly open: number
  }
}

export async function readStored(store: ObjectStore, record: RunRecord): Promise<Stored> {
  const keys = runKeys(record.run)
  const [choice, leaderboard, ledger] = await Promise.all([
    getJson(store, keys.rerankCandidates, choiceSchema),
    getJson(store, keys.leaderboard, leaderboardSchema),
    readLedger(store, record.run),
  ])
  const { rounds, ranked, failed } = leaderboard ?? leaderboardOf(0, [])
  if (choice !== undefined) {
    const open = choice.contenders.flatMap(({ trials }) => trials).length
    return {
      phase: 'full training',
      round: rounds,
      ledger,
      trials: { settled: 0, failed: 0, best: undefined, open },
    }
  }
  const round = await getJson(store, keys.round(rounds), roundSchema)
  return {
    phase: await phaseBeforeRanking(store, record),
    round: rounds + 1,
    ledger,
    trials: {
      settled: ranked.length + failed.length,
      failed: failed.length,
      best: ranked[0]?.score,
      open: round?.candidates.length ?? 0,
    },
  }
}

async function phaseBeforeRanking(store: ObjectStore, record: RunRecord): Promise<Phase> {
  const features = featuresKeys(featuresKey(record)).manifest
  if ((await getJson(store, features, featuresManifestSchema)) !== undefined) return 'search'
  const backbone = backboneKeys(backboneKey(record)).manifest
  return (await getJson(store, backbone, backboneManifestSchema)) === undefined ? 'pretraining' : 'features'
}

/** How far a run is. @param elapsed seconds since it began */
export function progressOf(
  { config }: RunRecord,
  stored: Stored,
  shards: Shards | undefined,
  elapsed: number,
): Progress {
  const { phase, ledger, trials } = stored
  const { budget, search } = config
  const ofPhase = ledger.filter(({ job }) => job === JOBS[phase])
  const spent = totals(ledger)
  const before = totals(ledger.filter(({ job }) => job !== JOBS[phase]))

  // A shard is counted when its job has ended: what it has done until then is known to the job alone.
  const perShard = phase === 'search' ? search.trialsPerJob : 1
  const unfinished = shards === undefined ? trials.open : (shards.total - shards.done) * perShard
  const done = trials.settled + Math.max(0, trials.open - unfinished)
  const total = phase === 'search' ? budget.trials : phase === 'full training' ? trials.open : 1

  const limits: Limit[] = total === undefined ? [] : [{ from: 0, at: done, to: total }]
  if (phase === 'search') {
    const { usd, gpuHours, hours } = budget
    if (usd !== undefined) limits.push({ from: before.usd, at: spent.usd, to: usd })
    if (gpuHours !== undefined) limits.push({ from: before.gpuHours, at: spent.gpuHours, to: gpuHours })
    if (hours !== undefined) limits.push({ from: 0, at: hoursAtWork(ledger), to: hours })
  }
  const seconds = hoursAtWork(ofPhase) * 3600
  return {
    phase,
    ...outlook(limits, seconds),
    trials: { done, failed: trials.failed, total },
    best: trials.best,
    rate: done > 0 && seconds > 0 ? (done * 60) / seconds : undefined,
    elapsed,
    usd: {
      spent: spent.usd,
      left: budget.usd === undefined ? undefined : Math.max(0, budget.usd - spent.usd),
    },
    running: [],
  }
}
