import { MetricUnit } from '@aws-lambda-powertools/metrics'
import { progressOf } from '../../nas/pipelines/progress.ts'
import { readLedger, totals } from '../../nas/runs/ledger.ts'
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
  const { completed, failed, best } = await progressOf(store, run)
  const { usd, gpuHours, interrupted } = totals(await readLedger(store, run))
  return {
    Trials: completed,
    FailedTrials: failed,
    ...(best !== null && { BestScore: best }),
    SpentUsd: usd,
    GpuHours: gpuHours,
    InterruptedAttempts: interrupted,
  }
}
