import { completed } from '../../nas/runs/completed.ts'
import type { Job } from '../../nas/runs/job.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { runTrials } from '../../nas/runs/run-trials.ts'
import type { TrialSpec } from '../../nas/runs/trial.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Course } from './course.ts'
import type { Surroundings } from './job.ts'
import { takeUp } from './training.ts'

/** Writes what a training leaves beside its result, and says what that is. */
type Finish = (trial: string, course: Course, losses: readonly number[]) => Promise<Result>

/** The trials of a job, each along its course. */
export async function trainTrials(
  job: Job,
  kind: TrialSpec['kind'],
  around: Surroundings,
  finish: Finish,
): Promise<void> {
  const { store, courseOf, steps, onTrial } = around
  await runTrials(store, job, kind, async (trial) => {
    onTrial(trial)
    const course = courseOf(trial)
    if (course.failure === 'raises') throw new Error('the graph of this network is invalid')
    const { checkpoint } = trialKeys(trial)
    const training = await takeUp(around, { key: checkpoint, training: trial, course, steps })
    return {
      training,
      async finish() {
        const end = completed(await training.train())
        return 'failed' in end ? end.failed : finish(trial, course, end.losses)
      },
    }
  })
}

const BYTES = new TextEncoder().encode('simulated')

/** What a training in full leaves to be taken away. */
export async function leaveModel(store: ObjectStore, trial: string): Promise<void> {
  const { weights, model } = trialKeys(trial)
  await store.put(weights, BYTES)
  await store.put(model, BYTES)
}
