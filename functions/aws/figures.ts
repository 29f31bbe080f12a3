import { MetricUnit } from '@aws-lambda-powertools/metrics'
import { runKeys } from '../../nas/runs/keys.ts'
import { leaderboardOf, leaderboardSchema } from '../../nas/runs/leaderboard.ts'
import { readLedger, totals } from '../../nas/runs/ledger.ts'
import { getJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

/** What the dashboard shows of a run: totals since its start. */
export const UNITS = {
  Trials: MetricUnit.Count,
  FailedTrials: MetricUnit.Count,
  BestScore: MetricUnit.NoUnit,
  SpentUsd: MetricUnit.NoUnit,
  GpuHours: MetricUnit.NoUnit,
  InterruptedAttempts: MetricUnit.Count,
} as const

export type Figures = Readonly<Partial<Record<keyof typeof UNITS, number>>>

export async function figuresOf(store: ObjectStore, run: string): Promise<Figures> {
  const leaderboard = await getJson(store, runKeys(run).leaderboard, leaderboardSchema)
  const { ranked, failed } = leaderboard ?? leaderboardOf(0, [])
  const { usd, gpuHours, interrupted } = totals(await readLedger(store, run))
  const [best] = ranked
  return {
    Trials: ranked.length + failed.length,
    FailedTrials: failed.length,
    ...(best && { BestScore: best.score }),
    SpentUsd: usd,
    GpuHours: gpuHours,
    InterruptedAttempts: interrupted,
  }
}
