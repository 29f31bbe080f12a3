import { availableParallelism } from 'node:os'
import type { Engine } from '../nas/engines/engine.ts'
import { openEngine } from '../nas/engines/open.ts'
import { type RunRecord, readRun } from '../nas/pipelines/run.ts'
import type { Job, JobKind } from '../nas/runs/job.ts'
import { openStore } from '../nas/store/open.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** All that a job works with. */
export interface JobContext {
  readonly job: Job
  readonly store: ObjectStore
  readonly record: RunRecord
  readonly engine: Engine
  /** Aborted when the job is told to stop: it then leaves a checkpoint and asks to be started again. */
  readonly signal: AbortSignal
  /** Tells whoever watches how far the work is; nothing depends on it. */
  readonly progress: (progress: Progress) => void
}

export interface Progress {
  /** What is trained: the key of a trial or of a backbone. */
  readonly trial: string
  readonly step: number
  readonly steps: number
  readonly loss: number
}

/** Trials run one a core, side by side; what comes before them runs alone. */
const ALONE: ReadonlySet<JobKind> = new Set(['pretrain', 'features', 'latency', 'supernet'])

export async function openContext(job: Job, signal: AbortSignal): Promise<JobContext> {
  const store = openStore(job.store)
  const record = await readRun(store, job.run)
  const threads = ALONE.has(job.job) ? availableParallelism() : 1
  return {
    job,
    store,
    record,
    signal,
    engine: await openEngine(record.config.compute.engine, {
      device: job.device,
      threads,
      manyPrograms: job.job === 'supernet',
    }),
    progress: (progress) => process.send?.({ kind: 'progress', ...progress }),
  }
}
