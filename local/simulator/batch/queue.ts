import pLimit from 'p-limit'
import { EXIT } from '../../../nas/runs/job.ts'
import type { Attempt } from '../../batch/job.ts'
import type { Queue } from '../../batch/queue.ts'
import { createAccept } from './accept.ts'
import { runAttempt } from './attempt.ts'
import { createDeaths } from './deaths.ts'
import { runOf } from './running.ts'
import type { BatchOptions, BatchState } from './state.ts'
import type { TrueAttempt } from './true-attempt.ts'

export interface SimulatedBatch extends Queue {
  readonly attempts: readonly TrueAttempt[]
  /** Jobs of a run submitted since then that are not over, but for hosts out of reach. */
  live(run: string, since: number): number
  /** The runner of a run has died: its jobs notice and stop, one by one. */
  disconnect(run: string): void
  /** A run is resumed. */
  resume(run: string): void
  /** The computer on which a run and its jobs ran is off. */
  powerOff(run: string): void
}

export function createBatch(options: BatchOptions): SimulatedBatch {
  const { clock, faults, slots, log } = options
  const state: BatchState = { ...options, attempts: [], deaths: createDeaths(), runningJobs: new Set() }
  const limit = pLimit(slots)
  const live = new Map<string, { readonly run: string; readonly submittedAt: number }>()
  const accept = createAccept(clock, faults)
  const ofRun = (run: string) => [...state.runningJobs].filter((job) => job.run === run)
  let jobs = 0

  return {
    attempts: state.attempts,
    live: (run, since) =>
      [...live.values()].filter((job) => job.run === run && job.submittedAt >= since).length,
    disconnect: (run) => {
      for (const job of ofRun(run)) job.stop()
    },
    resume: state.deaths.forget,
    powerOff: (run) => {
      for (const job of ofRun(run)) job.kill()
    },
    async submit(job, signal) {
      await accept()
      signal.throwIfAborted()
      const jobId = `job${++jobs}`
      log(jobId, `submitted: ${job.name} ${job.environment.TRELLIS_INPUT}`)
      const losses = { count: 0 }
      live.set(jobId, { run: runOf(job), submittedAt: clock.now() })
      return limit(async () => {
        const ended: Attempt[] = []
        for (let attempt = 1; attempt <= job.attempts; attempt++) {
          signal.throwIfAborted()
          const one = await runAttempt(state, { job, jobId, attempt, losses, signal })
          ended.push(one)
          if (one.exitCode === EXIT.done || one.exitCode === EXIT.permanentFailure) break
        }
        const succeeded = ended.at(-1)?.exitCode === EXIT.done
        if (!succeeded) signal.throwIfAborted()
        return { jobId, succeeded, attempts: ended }
      }).finally(() => live.delete(jobId))
    },
  }
}
