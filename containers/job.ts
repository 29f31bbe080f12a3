import { TrellisError } from '../nas/errors.ts'
import { type Ended, exitFor, firstLine, runAttempt } from '../nas/runs/attempt.ts'
import type { Clock } from '../nas/runs/clock.ts'
import { type Job, type JobKind, parseJob } from '../nas/runs/job.ts'
import { classification } from './classification.ts'
import { type JobContext, openContext } from './context.ts'
import { classifier } from './densenas/classifier.ts'
import { latency } from './densenas/latency.ts'
import { supernet } from './densenas/supernet.ts'
import { features } from './dpc/features.ts'
import { pretrain } from './dpc/pretrain.ts'
import { proxyTask } from './dpc/proxy-task.ts'
import { survey } from './dpc/survey.ts'
import { train } from './dpc/train.ts'
import { priceHere } from './price.ts'
import { segmentation } from './segmentation.ts'
import { onSpotNotice } from './spot-notice.ts'

const JOBS: Readonly<Record<JobKind, (context: JobContext) => Promise<void>>> = {
  pretrain: segmentation(pretrain),
  features: segmentation(features),
  'proxy-task': segmentation(proxyTask),
  train: segmentation(train),
  survey: segmentation(survey),
  latency: classification(latency),
  supernet: classification(supernet),
  classifier: classification(classifier),
}

/** A cancelled job, a spot instance about to go, or a runner that is gone: somebody will ask for this work again. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = () => controller.abort()
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(event, stop)
  onSpotNotice(stop)
  return controller.signal
}

const clock: Clock = {
  now: Date.now,
  every: (ms, action) => {
    const timer = setInterval(action, ms)
    return () => clearInterval(timer)
  },
}

async function run(job: Job): Promise<Ended> {
  const context = await openContext(job, stopSignal())
  const { store, record } = context
  const machine = {
    clock,
    price: priceHere(record),
    startedAt: Math.floor(performance.timeOrigin),
  }
  return runAttempt(store, job, record, machine, () => JOBS[job.job](context))
}

async function end(environment: NodeJS.ProcessEnv): Promise<Ended> {
  try {
    return await run(parseJob(environment))
  } catch (error) {
    return { exit: exitFor(error), error }
  }
}

const { exit, error } = await end(process.env)
process.exitCode = exit
if (error !== undefined) {
  const fix = error instanceof TrellisError && error.fix !== undefined ? ` (${error.fix})` : ''
  console.error(`${firstLine(error)}${fix}`)
}
// A runner that listens would keep this process alive.
if (process.connected) process.disconnect()
