import { TrellisError } from '../nas/errors.ts'
import { trialKeys } from '../nas/runs/keys.ts'
import { failed, getResult, putResult, type Result } from '../nas/runs/result.ts'
import { MAX_STARTS, recordStart } from '../nas/runs/starts.ts'
import { type TrialSpec, trialSpecSchema } from '../nas/runs/trial.ts'
import { requireJson } from '../nas/store/json.ts'
import type { Resumed } from '../nas/training/resumable.ts'
import { Interrupted, type JobContext } from './context.ts'

/** What a trial trains, once its graph is compiled, and how its result comes of that. */
export interface PreparedTrial {
  readonly training: Resumed
  readonly finish: () => Promise<Result>
}

/**
 * Runs the trials of a job one after the other, each to a result or a recorded failure: a trial that cannot be built or
 * trained must not take the others with it. Only a store that fails, and an interruption, end the job.
 */
export async function runTrials<Spec extends TrialSpec>(
  context: JobContext,
  kind: Spec['kind'],
  prepare: (trial: string, spec: Spec) => Promise<PreparedTrial>,
): Promise<void> {
  const { store, job } = context
  for (const trial of job.trials) {
    if ((await getResult(store, trial)) !== undefined) continue
    const spec = await requireJson(store, trialKeys(trial).spec, trialSpecSchema, 'propose the trial again')
    if (spec.kind !== kind) throw new TrellisError('job-failed', `trial ${trial} is no ${kind} trial`, { fix: 'let a pipeline start jobs' })
    await putResult(store, trial, await resultOf(context, trial, () => prepare(trial, spec as Spec)))
    await store.delete(trialKeys(trial).checkpoint)
  }
}

async function resultOf(
  { store, job }: JobContext,
  trial: string,
  prepare: () => Promise<PreparedTrial>,
): Promise<Result> {
  try {
    const { training, finish } = await prepare()
    const { jobId, attempt } = job
    const starts = await recordStart(store, trial, { jobId, attempt, step: training.step })
    if (starts > MAX_STARTS)
      return failed(`killed ${MAX_STARTS} times at step ${training.step}, most likely for want of memory`)
    const result = await finish()
    await training.dispose()
    return result
  } catch (error) {
    if (error instanceof Interrupted || (error instanceof TrellisError && error.code === 'store-failed'))
      throw error
    return failed(error instanceof Error ? error.message.split('\n')[0]! : String(error))
  }
}
