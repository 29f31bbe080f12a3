import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { EXIT, processEnvironment } from '../../nas/runs/job.ts'
import { runChild } from './child.ts'
import { type Attempt, type Job, type Outcome, type Progress, progressSchema } from './job.ts'

export interface Queue {
  /** Runs a job to its last attempt. Rejects with the signal's reason once the job's process has gone. */
  submit(job: Job, signal: AbortSignal): Promise<Outcome>
}

export interface QueueOptions {
  /** The JavaScript file that every job runs. */
  readonly bundle: string
  /** How many jobs run at once: a core each. */
  readonly slots: number
  /** From SIGTERM to SIGKILL, in ms; 30 s as in a container on AWS. */
  readonly graceMs?: number
  readonly onProgress?: (progress: Progress & { readonly jobId: string }) => void
  /** Called, and waited for, when an attempt has ended otherwise than well and may not have said so itself. */
  readonly onAttemptEnd?: (attempt: Attempt) => void | Promise<void>
}

/** AWS Batch on this computer: a queue whose jobs are child processes. */
export function createQueue(options: QueueOptions): Queue {
  const { bundle, slots, graceMs = 30_000, onProgress, onAttemptEnd } = options
  const limit = pLimit(slots)

  const runAttempt = async (job: Job, jobId: string, attempt: number, signal: AbortSignal) => {
    const startedAt = Date.now()
    const began = performance.now()
    const environment = {
      ...job.environment,
      AWS_BATCH_JOB_ID: jobId,
      AWS_BATCH_JOB_ATTEMPT: String(attempt),
      ...processEnvironment(availableParallelism()),
    }
    const onMessage = (message: unknown) => {
      const parsed = progressSchema.safeParse(message)
      if (parsed.success) onProgress?.({ ...parsed.data, jobId })
    }
    const timeoutMs = job.timeoutSeconds * 1000
    const { timedOut, ...exit } = await runChild(
      { bundle, environment, timeoutMs, graceMs, onMessage },
      signal,
    )
    const reason = timedOut ? `Job attempt duration exceeded timeout (${job.timeoutSeconds} s)` : exit.reason
    const endedAt = startedAt + Math.round(performance.now() - began)
    const ended: Attempt = { ...exit, name: job.name, jobId, attempt, startedAt, endedAt, reason }
    if (ended.exitCode !== EXIT.done) await onAttemptEnd?.(ended)
    return {
      ended,
      final: ended.exitCode === EXIT.done || ended.exitCode === EXIT.permanentFailure || timedOut,
    }
  }

  return {
    submit: (job, signal) => {
      const jobId = randomUUID()
      return limit(async () => {
        const attempts: Attempt[] = []
        for (let attempt = 1; attempt <= job.attempts; attempt++) {
          signal.throwIfAborted()
          const { ended, final } = await runAttempt(job, jobId, attempt, signal)
          attempts.push(ended)
          if (final) break
        }
        const succeeded = attempts.at(-1)?.exitCode === EXIT.done
        if (!succeeded) signal.throwIfAborted()
        return { jobId, succeeded, attempts }
      })
    },
  }
}
