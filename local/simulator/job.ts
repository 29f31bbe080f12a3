import { TrellisError } from '../../nas/errors.ts'
import { readRun } from '../../nas/pipelines/run.ts'
import { type Ended, exitFor, runAttempt } from '../../nas/runs/attempt.ts'
import { parseJob } from '../../nas/runs/job.ts'
import type { JobEnvironment } from './job-environment.ts'
import { simulatedPipelines } from './pipelines/index.ts'

/** What containers/job.ts does, with everything below it but the training itself. Never rejects. */
export async function runJob(
  variables: Readonly<Record<string, string>>,
  environment: JobEnvironment,
): Promise<Ended> {
  const { store, machine } = environment
  try {
    const job = parseJob(variables)
    const record = await readRun(store, job.run)
    const { pipeline } = record.config
    const work = simulatedPipelines.of(pipeline).work[job.job]
    if (work === undefined) throw new TrellisError('job-failed', `${pipeline} has no ${job.job} jobs`)
    return await runAttempt(store, job, record, machine, async () => {
      await environment.openEngine()
      await work(job, record, environment)
    })
  } catch (error) {
    return { exit: exitFor(error), error }
  }
}
