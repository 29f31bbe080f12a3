import type { StateMachine } from '../../pipelines/asl.ts'
import type { Pipeline } from '../../pipelines/pipeline.ts'
import type { Queue } from '../batch/queue.ts'
import { definitionEnvironment } from '../definition.ts'
import { localHost, type Service } from '../host.ts'
import { execute } from '../interpreter/execute.ts'
import type { Host } from '../interpreter/host.ts'
import { startExecution } from '../start-execution.ts'
import { submitJob } from '../submit-job.ts'
import type { Bucket } from './bucket/bucket.ts'
import { LOCATION } from './bucket/requests.ts'
import type { VirtualClock } from './clock.ts'
import { type SimulatedProcess, startProcess } from './process.ts'
import type { Watch } from './watch.ts'

/** An execution, and how to end it. */
export interface Execution {
  readonly ended: Promise<unknown>
  /** Asks it to stop; `ended` rejects when everything has wound up. */
  stop(): void
  /** Its driver dies, and `ended` never settles; its jobs notice. */
  kill(): void
}

export interface StartOptions {
  readonly run: string
  readonly machine: string
  readonly input: unknown
  /** In place of the machine's own definition. */
  readonly definition?: StateMachine | undefined
}

interface ExecutionWorld {
  readonly clock: VirtualClock
  readonly bucket: Bucket
  readonly machines: Readonly<Record<string, StateMachine>>
  readonly definition: Pipeline
  readonly invoke: Service
  readonly queue: Queue
  readonly watch: Watch
}

/** How executions start in a world, each with a driver of its own. */
export function startOf(world: ExecutionWorld): (options: StartOptions) => Execution {
  const { clock, machines, watch } = world
  let executions = 0
  return ({ run, machine, input, definition = machines[machine]! }) => {
    const execution = ++executions
    const driver = startProcess(clock, `driver${execution}`)
    driver.mayDie = () => false
    const stop = new AbortController()
    const executed = (name: string, definition: StateMachine, input: unknown, signal: AbortSignal) =>
      execute(definition, input, host, {
        signal,
        onEvent: (event) => {
          if (!driver.dead) watch.onEvent({ ...event, run, machine: name, execution })
        },
      })
    const host = hostOf(world, run, driver, (name, input, until) =>
      executed(name, machines[name]!, input, until),
    )
    return {
      ended: executed(machine, definition, input, stop.signal),
      stop: () => stop.abort(new Error('stopped')),
      kill: () => {
        driver.kill('killed')
        stop.abort(new Error('killed'))
      },
    }
  }
}

function hostOf(
  { clock, bucket, definition, invoke, queue }: ExecutionWorld,
  run: string,
  driver: SimulatedProcess,
  start: Parameters<typeof startExecution>[0],
): Host {
  const environmentOf = definitionEnvironment(definition, LOCATION)
  const services = localHost(bucket.connect(driver), run, {
    'arn:aws:states:::lambda:invoke': invoke,
    'arn:aws:states:::batch:submitJob.sync': (args, signal) => submitJob(queue, environmentOf, args, signal),
    'arn:aws:states:::states:startExecution.sync:2': (args, signal) => startExecution(start, args, signal),
  })
  return {
    ...services,
    task: (...asked) => driver.whileAlive(services.task(...asked)),
    now: clock.now,
    sleep: (ms, signal) => driver.whileAlive(clock.sleep(ms, signal)),
  }
}
