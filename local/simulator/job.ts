import { TrellisError } from '../../nas/errors.ts'
import { readRun } from '../../nas/pipelines/run.ts'
import { type Ended, exitFor, runAttempt } from '../../nas/runs/attempt.ts'
import { parseJob } from '../../nas/runs/job.ts'
import type { Machine } from '../../nas/runs/open-entry.ts'
import type { CourseOf } from './course.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { Place } from './training.ts'

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
    const { work } = pipelineOf(record)
    const body = work[job.job]
    if (body === undefined)
      throw new TrellisError('job-failed', `${record.config.pipeline} has no ${job.job} jobs`)
    return await runAttempt(around.store, job, record, around.machine, () => body(job, record, around))
  } catch (error) {
    return { exit: exitFor(error), error }
  }
}
