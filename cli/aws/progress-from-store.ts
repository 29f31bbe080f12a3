import type { RunRecord } from '../../nas/pipelines/run.ts'
import { hoursAtWork, type LedgerEntry, totals } from '../../nas/runs/ledger.ts'
import { type Limit, outlook } from '../outlook.ts'
import { PHASES } from '../phases.ts'
import { pipelineOf } from '../pipelines/index.ts'
import type { Stored } from '../pipelines/pipeline.ts'
import type { Progress } from '../progress.ts'
import type { Shards } from './shards.ts'

/** How far a run is. @param elapsed seconds since it began */
export function progressOf(
  { config }: RunRecord,
  stored: Stored,
  ledger: readonly LedgerEntry[],
  shards: Shards | undefined,
  elapsed: number,
): Progress {
  const { budget } = config
  const { phase, perShard, total, trials } = stored
  const { job: jobOfPhase } = PHASES[phase]
  const ofPhase = ledger.filter(({ job }) => job === jobOfPhase)
  const spent = totals(ledger)
  const before = totals(ledger.filter(({ job }) => job !== jobOfPhase))

  // A shard is counted when its job has ended: what it has done until then is known to the job alone.
  const unfinished = shards === undefined ? trials.open : (shards.total - shards.done) * perShard
  const done = trials.settled + Math.max(0, trials.open - unfinished)

  const limits: Limit[] = total === undefined ? [] : [{ from: 0, at: done, to: total }]
  const { usd, gpuHours, hours } = pipelineOf(config).limits(phase, config)
  if (usd !== undefined) limits.push({ from: before.usd, at: spent.usd, to: usd })
  if (gpuHours !== undefined) limits.push({ from: before.gpuHours, at: spent.gpuHours, to: gpuHours })
  if (hours !== undefined) limits.push({ from: 0, at: hoursAtWork(ledger), to: hours })
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
      left: budget?.usd === undefined ? undefined : Math.max(0, budget.usd - spent.usd),
    },
    running: [],
  }
}
