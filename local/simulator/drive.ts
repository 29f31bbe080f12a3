import type { Json, StateMachine } from '../../pipelines/asl.ts'
import { StateFailure } from '../interpreter/failure.ts'
import type { Execution, MachineEvent, World } from './world.ts'

/** How a run ended, whoever had to start it how often. */
export interface RunEnd {
  readonly output: unknown
  readonly error: string | undefined
  readonly executions: number
}

/** A person gives up on a run that has failed so often, or so often for the same reason. */
const PATIENCE = { executions: 50, sameError: 8 }

/** The longest that it takes to resume a run that was stopped, and one that has failed. */
const SOON_MS = 60_000
const LATER_MS = 1_200_000

interface Entered {
  readonly state: string
  readonly input: Json
}

export interface Drive {
  /** To be told of every event of the executions. */
  readonly onEvent: (event: MachineEvent) => void
  /** Starts the run, and again until it has ended well. */
  toTheEnd(world: World, onOrphans: (count: number) => void): Promise<RunEnd>
}

/**
 * A person, or a service, in front of the run: starts it, and whenever it has failed, was stopped or has lost its driver,
 * resumes it from the start or redrives the round that it was in.
 */
export function createDrive(log: (who: string, what: string) => void): Drive {
  let current: { readonly execution: Execution; world: World } | undefined
  /** The last Map of the pipeline, as the history of the execution has it. */
  let entered: Entered | undefined
  let dead = () => {}

  async function one(world: World, machine: StateMachine | undefined, onOrphans: (count: number) => void) {
    const { clock, batch } = world
    const since = clock.now()
    const execution = world.start(machine)
    current = { execution, world }
    const killed = new Promise<'killed'>((resolve) => {
      dead = () => resolve('killed')
    })
    try {
      const output = await Promise.race([execution.ended, killed])
      if (output === 'killed') return { killed: true } as const
      return { output } as const
    } catch (thrown) {
      if (batch.live(since) > 0) onOrphans(batch.live(since))
      return { error: thrown instanceof StateFailure ? thrown.cause : (thrown as Error).message } as const
    } finally {
      current = undefined
    }
  }

  return {
    onEvent(event) {
      if (current === undefined) return
      const { faults, scenario } = current.world
      if (event.type === 'MapStateEntered' && event.machine === scenario.record.config.pipeline)
        entered = { state: event.state!, input: event.detail.input! }
      if (faults.strikes('driver stopped')) {
        log('driver', `stops the execution at ${event.type} ${event.state}`)
        current.execution.stop()
      } else if (faults.strikes('driver killed')) {
        log('driver', `dies at ${event.type} ${event.state}`)
        current.execution.kill()
        current.world.batch.disconnect()
        dead()
      }
    },
    async toTheEnd(world, onOrphans) {
      const { clock, faults } = world
      let redriven: StateMachine | undefined
      const errors: string[] = []
      for (let executions = 1; ; executions++) {
        entered = undefined
        const end = await one(world, redriven, onOrphans)
        if ('output' in end) return { output: end.output, error: undefined, executions }
        const error = 'error' in end ? end.error : 'killed'
        log('driver', `ended: ${error}`)
        if (error !== 'stopped' && error !== 'killed') errors.push(error)
        const same = errors.filter((other) => other === error).length
        if (executions === PATIENCE.executions || same === PATIENCE.sameError)
          return { output: undefined, error, executions }
        await clock.sleep(
          (error === 'stopped' || error === 'killed' ? SOON_MS : LATER_MS) * faults.chance.uniform(),
        )
        redriven =
          entered !== undefined && faults.strikes('round redriven') ? redrive(world, entered) : undefined
      }
    },
  }
}

/**
 * The machine as RedriveExecution goes on with it: at the state where it was, with the input and the variables that it had
 * there.
 */
function redrive({ pipeline, scenario }: World, { state, input }: Entered): StateMachine {
  const { record, slots } = scenario
  return {
    ...pipeline,
    StartAt: 'Redrive',
    States: {
      ...pipeline.States,
      Redrive: {
        Type: 'Pass',
        Assign: { run: record.run, concurrency: slots },
        Output: input,
        Next: state,
      },
    },
  }
}
