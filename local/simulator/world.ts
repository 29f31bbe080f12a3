import { runKeys } from '../../nas/runs/keys.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import type { StateMachine } from '../../pipelines/asl.ts'
import { jobs, names } from '../../pipelines/names.ts'
import { localHost } from '../host.ts'
import { execute } from '../interpreter/execute.ts'
import type { HistoryEvent } from '../interpreter/history.ts'
import type { Host } from '../interpreter/host.ts'
import { startExecution } from '../start-execution.ts'
import { submitJob } from '../submit-job.ts'
import { substitute } from '../substitute.ts'
import { createBatch, type SimulatedBatch } from './batch.ts'
import { type Bucket, createBucket, type Write } from './bucket.ts'
import { type VirtualClock, virtualClock } from './clock.ts'
import type { Faults } from './faults.ts'
import { createLambda } from './lambda.ts'
import { startProcess } from './process.ts'
import type { Product } from './product.ts'
import { type Scenario, START } from './scenario.ts'

export type MachineEvent = HistoryEvent & { readonly machine: string; readonly execution: number }

/** All that a simulated run happens in. */
export interface World {
  readonly scenario: Scenario
  readonly clock: VirtualClock
  readonly faults: Faults
  readonly bucket: Bucket
  readonly batch: SimulatedBatch
  /** The machine of the run's pipeline. */
  readonly pipeline: StateMachine
  /** Starts an execution of the run's pipeline; of another machine in its place, where one is given. */
  start(machine?: StateMachine): Execution
}

/** An execution, and how to end it. */
export interface Execution {
  readonly ended: Promise<unknown>
  /** Asks it to stop; `ended` rejects when everything has wound up. */
  stop(): void
  /** Whoever drives it dies, and `ended` never settles; its jobs notice. */
  kill(): void
}

export interface Watch {
  readonly log: (who: string, what: string) => void
  readonly onWrite: (write: Write, at: number) => void
  readonly onEvent: (event: MachineEvent) => void
  /** A trial is about to be trained by a process. */
  readonly onTrial: (process: string, trial: string, at: number) => void
}

/** @param watch told of everything that happens */
export function createWorld(scenario: Scenario, product: Product, faults: Faults, watch: Watch): World {
  const { record, slots } = scenario
  const { run } = record
  const clock = virtualClock(START, faults.chance.uniform)
  const bucket = createBucket(
    clock,
    faults,
    (write) => watch.onWrite(write, clock.now()),
    1000 * scenario.uploadSeconds,
  )
  const batch = createBatch({
    ...scenario,
    clock,
    faults,
    log: watch.log,
    runJob: (environment, around) =>
      product.runJob(environment, {
        ...around,
        steps: scenario.steps,
        store: bucket.connect(around.process),
        onTrial: (trial) => {
          around.onTrial(trial)
          watch.onTrial(around.process.name, trial, clock.now())
        },
      }),
  })
  const queue = product.queue(batch)
  const invoke = createLambda({
    clock,
    faults,
    functionsIn: (process) => product.functions(bucket.connect(process)),
    log: watch.log,
  })
  const definition = (name: string) => ({
    TRELLIS_JOB: jobs[name as keyof typeof jobs],
    TRELLIS_STORE: 's3://simulated',
  })
  const resolve = (placeholder: string) =>
    placeholder === 'Bucket' ? 'simulated' : names.find((known) => known === placeholder)
  const machines = Object.fromEntries(
    Object.entries(product.machines).map(([name, machine]) => [name, substitute(machine, resolve)]),
  )

  const pipeline = machines[record.config.pipeline]!
  let executions = 0
  function start(machine = pipeline): Execution {
    const execution = ++executions
    const driver = startProcess(clock, `driver${execution}`)
    driver.mayDie = () => false
    const stop = new AbortController()
    const executeMachine = (name: string, definition: StateMachine, input: unknown, signal: AbortSignal) =>
      execute(definition, input, host, {
        signal,
        onEvent: (event) => {
          if (!driver.dead) watch.onEvent({ ...event, machine: name, execution })
        },
      })
    const services = localHost(bucket.connect(driver), run, {
      'arn:aws:states:::lambda:invoke': invoke,
      'arn:aws:states:::batch:submitJob.sync': (args, signal) => submitJob(queue, definition, args, signal),
      'arn:aws:states:::states:startExecution.sync:2': (args, signal) =>
        startExecution(
          (name, input, until) => executeMachine(name, machines[name]!, input, until),
          args,
          signal,
        ),
    })
    const host: Host = {
      ...services,
      task: (...asked) => driver.whileAlive(services.task(...asked)),
      now: clock.now,
      sleep: (ms, signal) => driver.whileAlive(clock.sleep(ms, signal)),
    }
    return {
      ended: executeMachine(record.config.pipeline, machine, { run, concurrency: slots }, stop.signal),
      stop: () => stop.abort(new Error('stopped')),
      kill: () => {
        driver.kill('killed')
        stop.abort(new Error('killed'))
      },
    }
  }

  return { scenario, clock, faults, bucket, batch, pipeline, start }
}

/** Records the run, as its start does. */
export async function recordRun({ bucket, clock, scenario: { record } }: World): Promise<void> {
  const process = startProcess(clock, 'start')
  process.spared = true
  await bucket.connect(process).put(runKeys(record.run).config, jsonBytes(record))
}
