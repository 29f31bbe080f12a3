import { hoursAtWork, type LedgerEntry, totals } from '../../nas/runs/ledger.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { etaOf, type Limit } from '../eta.ts'
import { pipelineOf } from '../pipelines/index.ts'
import type { StoredProgress } from '../pipelines/pipeline.ts'
import type { Progress } from '../progress.ts'
import type { Shards } from './shards.ts'

/** How far a run is. @param elapsed seconds since it began */
export function progressOf(
  { config }: RunRecord,
  stored: StoredProgress,
  ledger: readonly LedgerEntry[],
  shards: Shards | undefined,
  elapsed: number,
): Progress {
  const { budget } = config
  const { phase, perShard, total, trials } = stored
  const ofPhase = ledger.filter(({ job }) => job === phase.job)
  const spent = totals(ledger)
  const before = totals(ledger.filter(({ job }) => job !== phase.job))

  // A shard is counted when its job has ended: what it has done until then is known to the job alone.
  const unfinished = shards === undefined ? trials.pending.length : (shards.total - shards.done) * perShard
  const done = trials.completed + Math.max(0, trials.pending.length - unfinished)

  const limits: Limit[] = total === undefined ? [] : [{ from: 0, at: done, to: total }]
  const { usd, gpuHours, hours } = pipelineOf(config).limits(phase, config)
  if (usd !== undefined) limits.push({ from: before.usd, at: spent.usd, to: usd })
  if (gpuHours !== undefined) limits.push({ from: before.gpuHours, at: spent.gpuHours, to: gpuHours })
  if (hours !== undefined) limits.push({ from: 0, at: hoursAtWork(ledger), to: hours })
  const seconds = hoursAtWork(ofPhase) * 3600
  return {
    phase,
    ...etaOf(limits, seconds),
    trials: { done, failed: trials.failed, total },
    best: trials.best,
    rate: done > 0 && seconds > 0 ? (done * 60) / seconds : undefined,
    elapsed,
    usd: {
      spent: spent.usd,
      left: budget?.usd === undefined ? undefined : Math.max(0, budget.usd - spent.usd),
    },
    running: [],
  }
}
