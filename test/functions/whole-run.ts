import { loadAll } from '../../functions/loaded-once.ts'
import type { Attempt, Job } from '../../local/batch/job.ts'
import { definitionEnvironment, machineOf } from '../../local/definition.ts'
import { localHost } from '../../local/host.ts'
import { execute } from '../../local/interpreter/execute.ts'
import { invoke } from '../../local/lambda.ts'
import { virtualClock } from '../../local/simulator/clock.ts'
import type { JobEnvironment } from '../../local/simulator/job-environment.ts'
import { product } from '../../local/simulator/product.ts'
import { outcomes } from '../../local/simulator/trial-outcome.ts'
import { startExecution } from '../../local/start-execution.ts'
import { submitJob } from '../../local/submit-job.ts'
import { EXIT } from '../../nas/runs/job.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

const never = new AbortController().signal

/** Of a dataset that is generated, there are no files. */
const openDataset = () => ({ async *versions() {} })

/** No training fails: a comparison may need the network that does. */
const outcomeOf = outcomes({ seconds: [1, 1], failing: { diverges: 0, memory: 0, raises: 0 } })

/**
 * Executes the machine Search of a run of any pipeline in this process: its own functions and jobs, but for training
 * itself, in virtual time.
 *
 * @throws where a write fails, as a driver that dies
 */
export async function executeSearch(store: ObjectStore, { run, config }: RunRecord): Promise<void> {
  // No virtual time passes while a module loads.
  await loadAll()
  const clock = virtualClock(0, () => 0)
  const definition = product.definition(config.pipeline)
  const handlers = product.handlers(config.pipeline, { store, openDataset })
  const environmentOf = definitionEnvironment(definition, 'memory:')
  const start = (name: string, input: unknown, signal: AbortSignal): Promise<unknown> =>
    execute(machineOf(definition, name, 'memory:'), input, host, { signal })
  const services = localHost(store, run, {
    'arn:aws:states:::lambda:invoke': (args) => invoke(handlers, args),
    'arn:aws:states:::batch:submitJob.sync': (args, signal) =>
      submitJob({ submit: (job) => attempt(store, job) }, environmentOf, args, signal),
    'arn:aws:states:::states:startExecution.sync:2': (args, signal) => startExecution(start, args, signal),
  })
  const host = { ...services, now: clock.now, sleep: clock.sleep }
  await clock.until(start('Search', { run, concurrency: 1 }, never))
}

/** The one attempt of a job: nothing is retried, so that a store that fails ends the run. */
async function attempt(store: ObjectStore, { name, environment }: Job) {
  const jobId = `${name}-${environment.TRELLIS_INPUT}`
  const variables = { ...environment, AWS_BATCH_JOB_ID: jobId, AWS_BATCH_JOB_ATTEMPT: '1' }
  const { exit } = await product.runJob(variables, machineFor(store))
  const ended: Attempt = {
    ...{ name, jobId, attempt: 1, exitCode: exit, signal: null },
    ...{ startedAt: 0, endedAt: 0, reason: '' },
  }
  return { jobId, succeeded: exit === EXIT.done, attempts: [ended] }
}

const machineFor = (store: ObjectStore): JobEnvironment => ({
  store,
  signal: never,
  now: () => 0,
  work: async () => {},
  outOfMemory: () => Promise.reject(new Error('no memory')),
  machine: {
    price: { usdPerHour: 1, basis: 'spot' },
    startedAt: 0,
    clock: { elapsed: () => 0, every: () => () => {} },
  },
  outcomeOf,
  steps: 3,
  onTrial: () => {},
  openEngine: async () => {},
  openDataset,
})
