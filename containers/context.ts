import { availableParallelism } from 'node:os'
import type { Engine } from '../nas/engines/engine.ts'
import { openEngine } from '../nas/engines/open.ts'
import { readRun } from '../nas/pipelines/run.ts'
import { checkContract } from '../nas/runs/contract.ts'
import type { Job } from '../nas/runs/job.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { openStore } from '../nas/store/open.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { JobProgram } from './jobs.ts'

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

export async function openContext(
  job: Job,
  programOf: (record: RunRecord) => JobProgram,
  signal: AbortSignal,
): Promise<{ readonly context: JobContext; readonly program: JobProgram }> {
  const store = openStore(job.store)
  const record = await readRun(store, job.run)
  checkContract(record)
  const program = programOf(record)
  const threads = job.cores === 'all' ? availableParallelism() : 1
  const engine = await openEngine(record.config.compute.engine, {
    device: job.device,
    threads,
    manyPrograms: program.programs === 'many',
  })
  const progress = (progress: Progress) => process.send?.({ kind: 'progress', ...progress })
  return { program, context: { job, store, record, signal, engine, progress } }
}
