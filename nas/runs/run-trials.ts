import type { z } from 'zod'
import { TrellisError } from '../errors.ts'
import type { ObjectStore } from '../store/store.ts'
import type { Succeeded } from '../tasks/result.ts'
import { firstLine } from './attempt.ts'
import { Interrupted } from './interrupted.ts'
import type { Job } from './job.ts'
import { trialKeys } from './keys.ts'
import { failed, getResult, putResult, type Result } from './result.ts'
import { MAX_STARTS, recordStart, retractStart } from './starts.ts'
import { readSpec, type TrialSpec } from './trial.ts'

/** The training of a trial, once its graph is compiled, and how its result comes of that. */
export interface PreparedTrial<S extends Succeeded> {
  readonly training: {
    /** Steps done before. */
    readonly step: number
    dispose(): Promise<void>
  }
  readonly finish: () => Promise<Result<S>>
}

/** Trials of one kind: how they are specified, and what a success of their task holds. */
export interface TrialKind<Spec extends TrialSpec, S extends Succeeded> {
  readonly spec: z.ZodType<Spec>
  readonly success: z.ZodType<S>
}

/**
 * Runs the trials of a job one after the other, each to a result or a recorded failure: a trial that cannot be built or
 * trained must not take the others with it. Only a store that fails, and an interruption, end the job.
 */
export async function runTrials<Spec extends TrialSpec, S extends Succeeded>(
  store: ObjectStore,
  job: Job,
  { spec: schema, success }: TrialKind<Spec, S>,
  prepare: (trial: string, spec: Spec) => Promise<PreparedTrial<S>>,
): Promise<void> {
  for (const trial of job.trials) {
    if ((await getResult(store, trial)) !== undefined) continue
    const spec = await specOf(store, job, trial, schema)
    const result = await resultOf(store, job, trial, () => prepare(trial, spec))
    await putResult(store, trial, result, success)
    await store.delete(trialKeys(trial).checkpoint)
  }
}

async function specOf<Spec>(
  store: ObjectStore,
  { job }: Job,
  trial: string,
  schema: z.ZodType<Spec>,
): Promise<Spec> {
  const parsed = schema.safeParse(await readSpec(store, trial))
  if (parsed.success) return parsed.data
  throw new TrellisError('job-failed', `trial ${trial} is none of a ${job} job`, {
    fix: 'let a pipeline start jobs',
    cause: parsed.error,
  })
}

async function resultOf<S extends Succeeded>(
  store: ObjectStore,
  job: Job,
  trial: string,
  prepare: () => Promise<PreparedTrial<S>>,
): Promise<Result<S>> {
  try {
    const { training, finish } = await prepare()
    const starts = await recordStart(store, trial, { ...job, step: training.step })
    // Without the step: where checkpoints were depends on how often the job was interrupted.
    if (starts > MAX_STARTS)
      return failed(`killed its job ${MAX_STARTS} times without progress, most likely for want of memory`)
    const result = await finish()
    await training.dispose()
    return result
  } catch (error) {
    if (isInfrastructureError(error)) {
      await retractStart(store, trial, job)
      throw error
    }
    return failed(firstLine(error))
  }
}

/** Whether the error that ended the work on a trial says nothing about the trial. */
const isInfrastructureError = (error: unknown): boolean =>
  error instanceof Interrupted || (error instanceof TrellisError && error.code === 'store-failed')
