import pLimit from 'p-limit'
import { EXIT } from '../../../nas/runs/job.ts'
import type { Attempt } from '../../batch/job.ts'
import type { Queue } from '../../batch/queue.ts'
import { StateFailure } from '../../interpreter/failure.ts'
import { runAttempt } from './attempt.ts'
import { createDeaths } from './deaths.ts'
import type { BatchOptions, BatchState } from './state.ts'
import type { TrueAttempt } from './true-attempt.ts'

export interface SimulatedBatch extends Queue {
  readonly attempts: readonly TrueAttempt[]
  /** Jobs submitted since then that are not over, but for hosts out of reach. */
  live(since: number): number
  /** The runner has died: its jobs notice and stop, one by one. */
  disconnect(): void
}

/** An outage of the service: longer than any Retry. */
const REFUSED_MS = 600_000

export function createBatch(options: BatchOptions): SimulatedBatch {
  const { clock, slots, log } = options
  const state: BatchState = { ...options, attempts: [], deaths: createDeaths(), stops: new Set() }
  const limit = pLimit(slots)
  const live = new Map<string, number>()
  const accept = createAccept(options)
  let jobs = 0

  return {
    attempts: state.attempts,
    live: (since) => [...live.values()].filter((submittedAt) => submittedAt >= since).length,
    disconnect: () => {
      for (const stop of state.stops) stop()
    },
    async submit(job, signal) {
      await accept()
      signal.throwIfAborted()
      const jobId = `job${++jobs}`
      log(jobId, `submitted: ${job.name} ${job.environment.TRELLIS_INPUT}`)
      const losses = { count: 0 }
      live.set(jobId, clock.now())
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

/** SubmitJob, as far as it can be refused. */
function createAccept({ clock, faults }: BatchOptions): () => Promise<void> {
  let refusedUntil = 0
  return async () => {
    await clock.sleep(100)
    if (faults.strikes('submission refused for long')) refusedUntil = clock.now() + REFUSED_MS
    if (faults.strikes('submission throttled') || clock.now() < refusedUntil)
      throw new StateFailure('Batch.AWSBatchException', 'Too Many Requests')
  }
}
