import { TrellisError } from '../errors.ts'
import { requireJson } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { firstLine } from './attempt.ts'
import { Interrupted } from './interrupted.ts'
import type { Job } from './job.ts'
import { trialKeys } from './keys.ts'
import { failed, getResult, putResult, type Result } from './result.ts'
import { MAX_STARTS, recordStart, takeBackStart } from './starts.ts'
import { type TrialSpec, trialSpecSchema } from './trial.ts'

/** What a trial trains, once its graph is compiled, and how its result comes of that. */
export interface PreparedTrial {
  readonly training: {
    /** Steps behind it. */
    readonly step: number
    dispose(): Promise<void>
  }
  readonly finish: () => Promise<Result>
}

/**
 * Runs the trials of a job one after the other, each to a result or a recorded failure: a trial that cannot be built or
 * trained must not take the others with it. Only a store that fails, and an interruption, end the job.
 */
export async function runTrials<Spec extends TrialSpec>(
  store: ObjectStore,
  job: Job,
  kind: Spec['kind'],
  prepare: (trial: string, spec: Spec) => Promise<PreparedTrial>,
): Promise<void> {
  for (const trial of job.trials) {
    if ((await getResult(store, trial)) !== undefined) continue
    const spec = await requireJson(store, trialKeys(trial).spec, trialSpecSchema, 'propose the trial again')
    if (spec.kind !== kind)
      throw new TrellisError('job-failed', `trial ${trial} is no ${kind} trial`, {
        fix: 'let a pipeline start jobs',
      })
    await putResult(store, trial, await resultOf(store, job, trial, () => prepare(trial, spec as Spec)))
    await store.delete(trialKeys(trial).checkpoint)
  }
}

async function resultOf(
  store: ObjectStore,
  job: Job,
  trial: string,
  prepare: () => Promise<PreparedTrial>,
): Promise<Result> {
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
    if (isInnocent(error)) {
      await takeBackStart(store, trial, job)
      throw error
    }
    return failed(firstLine(error))
  }
}

/** Whether what ended the work on a trial says nothing about the trial. */
const isInnocent = (error: unknown): boolean =>
  error instanceof Interrupted || (error instanceof TrellisError && error.code === 'store-failed')
