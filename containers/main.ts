import { TrellisError } from '../nas/errors.ts'
import { readRun } from '../nas/pipelines/run.ts'
import { type Ended, exitFor, runAttempt } from '../nas/runs/attempt.ts'
import { checkContract } from '../nas/runs/contract.ts'
import { firstLine } from '../nas/runs/failure.ts'
import { type Job, parseJob } from '../nas/runs/job.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { SMOKE } from '../nas/runs/smoke.ts'
import { openStore } from '../nas/store/open.ts'
import { checkAwaited } from './check-awaited.ts'
import { processClock } from './clock.ts'
import { jobs } from './index.ts'
import type { JobProgram } from './jobs.ts'
import { openContext } from './open-context.ts'
import { priceHere } from './price.ts'
import { smoke } from './smoke.ts'
import { onSpotNotice } from './spot-notice.ts'

/** A cancelled job, a spot instance about to go, or a runner that is gone: somebody will ask for this work again. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = () => controller.abort()
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(event, stop)
  onSpotNotice(stop)
  return controller.signal
}

/** @throws TrellisError `job-failed` for a kind that the pipeline of the run does not have */
function programOf({ job }: Job, { config }: RunRecord): JobProgram {
  const programs = jobs.of(config.pipeline)
  if (Object.hasOwn(programs, job)) return programs[job]!
  throw new TrellisError('job-failed', `${config.pipeline} has no ${job} jobs`, {
    fix: 'let a pipeline start jobs',
  })
}

async function run(job: Job): Promise<Ended> {
  checkAwaited(job)
  const signal = stopSignal()
  const store = openStore(job.store)
  // Of no run.
  if (job.job === SMOKE) return { exit: await smoke(job, store, signal) }
  const record = await readRun(store, job.run)
  checkContract(record)
  const program = programOf(job, record)
  const machine = {
    clock: processClock,
    price: priceHere(record),
    startedAt: Math.floor(performance.timeOrigin),
  }
  // A machine whose card cannot be used is paid for, too.
  return runAttempt(store, job, record, machine, async () =>
    program.run(await openContext(job, store, record, program, signal)),
  )
}

async function end(environment: NodeJS.ProcessEnv): Promise<Ended> {
  try {
    return await run(parseJob(environment))
  } catch (error) {
    return { exit: exitFor(error), error }
  }
}

/** Runs the job that the environment of this process asks for, and ends the process with its exit status. */
export async function main(): Promise<void> {
  const { exit, error } = await end(process.env)
  process.exitCode = exit
  if (error !== undefined) {
    const fix = error instanceof TrellisError && error.fix !== undefined ? ` (${error.fix})` : ''
    console.error(`${firstLine(error)}${fix}`)
  }
  // A runner that listens would keep this process alive.
  if (process.connected) process.disconnect()
}
