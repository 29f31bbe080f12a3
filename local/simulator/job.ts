import { type Ended, exitFor, runAttempt } from '../../nas/runs/attempt.ts'
import { backboneKey } from '../../nas/runs/backbone.ts'
import { completed } from '../../nas/runs/completed.ts'
import { type FeaturesManifest, featuresKey } from '../../nas/runs/features.ts'
import { type Job, type JobKind, parseJob } from '../../nas/runs/job.ts'
import { backboneKeys, featuresKeys, trialKeys } from '../../nas/runs/keys.ts'
import type { Machine } from '../../nas/runs/open-entry.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type RunRecord, readRun } from '../../nas/runs/run.ts'
import { runTrials } from '../../nas/runs/run-trials.ts'
import type { TrialSpec } from '../../nas/runs/trial.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import type { Course, CourseOf } from './course.ts'
import { type Place, takeUp } from './training.ts'

/** The host and the process of an attempt, to the job that runs there. */
export interface Surroundings extends Place {
  readonly machine: Machine
  readonly courseOf: CourseOf
  /** Steps of a training. */
  readonly steps: number
  /** Told which trial is worked on. */
  readonly onTrial: (trial: string) => void
}

/** What containers/job.ts does, with everything below it but the training itself. Never rejects. */
export async function runJob(
  environment: Readonly<Record<string, string>>,
  around: Surroundings,
): Promise<Ended> {
  try {
    const job = parseJob(environment)
    const record = await readRun(around.store, job.run)
    return await runAttempt(around.store, job, record, around.machine, () =>
      WORK[job.job](job, record, around),
    )
  } catch (error) {
    return { exit: exitFor(error), error }
  }
}

const WORK: Readonly<Record<JobKind, (job: Job, record: RunRecord, around: Surroundings) => Promise<void>>> =
  {
    pretrain,
    features,
    'proxy-task': (job, _, around) => train(job, 'proxy', around),
    train: (job, _, around) => train(job, 'train', around),
  }

const BYTES = new TextEncoder().encode('simulated')

async function pretrain(_: Job, record: RunRecord, around: Surroundings): Promise<void> {
  const key = backboneKey(record)
  const keys = backboneKeys(key)
  const course: Course = { ...around.courseOf(key), failure: undefined }
  const training = await takeUp(around, { key: keys.checkpoint, training: key, course, steps: around.steps })
  completed(await training.train())
  await around.store.put(keys.weights, BYTES)
  await around.store.put(keys.manifest, jsonBytes({ backbone: key }))
}

async function features(_: Job, record: RunRecord, around: Surroundings): Promise<void> {
  const key = featuresKey(record)
  const keys = featuresKeys(key)
  const split = (shard: number): FeaturesManifest['train'] => ({
    image: [65, 65],
    shards: [{ key: keys.shard(shard), samples: 1 }],
  })
  for (const shard of [0, 1]) {
    await around.work(1000 * around.courseOf(key).seconds)
    await around.store.put(keys.shard(shard), BYTES)
  }
  const manifest: FeaturesManifest = { features: key, channels: 1, train: split(0), validation: split(1) }
  await around.store.put(keys.manifest, jsonBytes(manifest))
}

async function train(job: Job, kind: TrialSpec['kind'], around: Surroundings): Promise<void> {
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
