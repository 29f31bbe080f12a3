import { availableParallelism } from 'node:os'
import type { Handlers } from '../functions/handlers.ts'
import { TrellisError } from '../nas/errors.ts'
import { AFTER_FAILURE } from '../nas/runs/remedies.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { Pipeline } from '../pipelines/pipeline.ts'
import type { Progress } from './batch/job.ts'
import { createQueue } from './batch/queue.ts'
import { definitionEnvironment, machineOf } from './definition.ts'
import { localHost } from './host.ts'
import { execute } from './interpreter/execute.ts'
import { StateFailure } from './interpreter/failure.ts'
import type { HistoryEvent } from './interpreter/history.ts'
import { invoke } from './lambda.ts'
import { closeEntry } from './ledger.ts'
import { startExecution } from './start-execution.ts'
import { submitJob } from './submit-job.ts'

export interface RunOptions<P extends Pipeline> {
  readonly pipeline: P
  /** The machine to execute; it may start others. */
  readonly start: keyof P['machines'] & string
  readonly handlers: Handlers
  /** A folder store: jobs are other processes and open it by its location. */
  readonly store: ObjectStore
  readonly run: string
  /** The JavaScript file of the jobs. */
  readonly bundle: string
  /** How many jobs run at once; as many as there are cores unless said otherwise. */
  readonly slots?: number
  /** Stops the run: jobs are asked to leave checkpoints, and nothing is settled. */
  readonly signal?: AbortSignal
  readonly onEvent?: (event: HistoryEvent & { readonly machine: string }) => void
  readonly onProgress?: (progress: Progress & { readonly jobId: string }) => void
}

export type RunOutcome =
  | { readonly status: 'succeeded'; readonly output: unknown }
  | { readonly status: 'interrupted' }

/**
 * Runs a pipeline on this computer: functions in this process, jobs as child processes, the object store for S3. A run that
 * was interrupted, or failed, is resumed by running it again from the start: every step finds what it had done.
 *
 * @throws TrellisError job-failed when the execution fails, invalid-pipeline for a definition that cannot be executed
 */
export async function runMachine<P extends Pipeline>(options: RunOptions<P>): Promise<RunOutcome> {
  const { pipeline, handlers, store, run, slots = availableParallelism(), onEvent, onProgress } = options
  const { signal = new AbortController().signal } = options
  const queue = createQueue({
    bundle: options.bundle,
    slots,
    ...(onProgress && { onProgress }),
    onAttemptEnd: (attempt) => closeEntry(store, run, attempt),
  })
  const definition = definitionEnvironment(pipeline, store.location)

  const start = (name: string, input: unknown, until: AbortSignal): Promise<unknown> => {
    return execute(machineOf(pipeline, name, store.location), input, host, {
      signal: until,
      onEvent: (event) => onEvent?.({ ...event, machine: name }),
    })
  }
  const host = localHost(store, run, {
    'arn:aws:states:::lambda:invoke': (args) => invoke(handlers, args),
    'arn:aws:states:::batch:submitJob.sync': (args, until) => submitJob(queue, definition, args, until),
    'arn:aws:states:::states:startExecution.sync:2': (args, until) => startExecution(start, args, until),
  })

  try {
    return { status: 'succeeded', output: await start(options.start, { run, concurrency: slots }, signal) }
  } catch (thrown) {
    if (signal.aborted) return { status: 'interrupted' }
    if (!(thrown instanceof StateFailure)) throw thrown
    throw new TrellisError('job-failed', `run ${run} failed: ${thrown.cause}`, {
      fix: AFTER_FAILURE,
      cause: thrown,
    })
  }
}
