import { completed } from '../../nas/runs/completed.ts'
import type { Job } from '../../nas/runs/job.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { runTrials } from '../../nas/runs/run-trials.ts'
import type { TrialSpec } from '../../nas/runs/trial.ts'
import type { Course } from './course.ts'
import type { Surroundings } from './job.ts'
import { takeUp } from './training.ts'

const BYTES = new TextEncoder().encode('simulated')

/** The trials of a job, each along its course. */
export async function trainTrials(job: Job, kind: TrialSpec['kind'], around: Surroundings): Promise<void> {
  const { store, courseOf, steps, onTrial } = around
  await runTrials(store, job, kind, async (trial) => {
    onTrial(trial)
    const course = courseOf(trial)
    if (course.failure === 'raises') throw new Error('the graph of this cell is invalid')
    const keys = trialKeys(trial)
    const training = await takeUp(around, { key: keys.checkpoint, training: trial, course, steps })
    return {
      training,
      async finish() {
        const end = completed(await training.train())
        if ('failed' in end) return end.failed
        if (kind === 'train') {
          await store.put(keys.weights, BYTES)
          await store.put(keys.model, BYTES)
        }
        return resultOf(course, end.losses)
      },
    }
  })
}

const resultOf = ({ score }: Course, losses: readonly number[]): Result => ({
  status: 'succeeded',
  score,
  iou: [score, score],
  pixelAccuracy: score,
  loss: losses.at(-1)!,
  parameters: 7,
  multiplyAdds: 9,
})
