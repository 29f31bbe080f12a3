import type { Engine } from '../nas/engines/engine.ts'
import type { Job } from '../nas/runs/job.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** All that a job works with. */
export interface JobContext {
  readonly job: Job
  readonly store: ObjectStore
  readonly record: RunRecord
  readonly engine: Engine
  /** See `checkMachine`. */
  readonly checkMachine: () => Promise<void>
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
