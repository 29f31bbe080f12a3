import type { Json, StateMachine } from '../../pipelines/asl.ts'
import { StateFailure } from '../interpreter/failure.ts'
import type { Execution } from './execution.ts'
import type { RunEnd } from './run-artifacts.ts'
import type { PlannedRun } from './scenario.ts'
import type { MachineEvent, Watch } from './watch.ts'
import type { World } from './world.ts'

/**
 * A person stops resuming a run that has failed so often for the same reason. The other number only ends what would never end: 50
 * were too few for a search that fails without faults, too, and is disturbed in five of six executions (dpc, seeds 946 and 1029).
 */
const PATIENCE = { executions: 200, sameError: 8 }

/** The longest that it takes to resume a run that was stopped, and one that has failed. */
const SOON_MS = 60_000
const LATER_MS = 1_200_000

/** How a run ended that nobody resumes. */
export const ABANDONED = 'abandoned'

/** A driver that dies more often on a bad day would prove no more. */
const MOST_DEATHS = 8

/** Nor would one that is stopped or killed more often at an event: where each has high odds, no execution ever came to its end. */
const MOST_DISTURBANCES = 60

interface Entered {
  readonly state: string
  readonly input: Json
}

export interface Drive {
  /** Receives every event of the executions. */
  readonly onEvent: (event: MachineEvent) => void
  /** Starts a machine for the run, and again until it has ended well, or is abandoned. */
  toTheEnd(world: World, machine: string, onOrphans: (count: number) => void): Promise<RunEnd>
}

type DriverDeath = 'killed' | typeof ABANDONED

/** The execution that is driven at the moment. */
interface Current {
  readonly world: World
  readonly machine: string
  readonly execution: Execution
  readonly onDeath: (error: DriverDeath) => void
  /** The last Map of the machine, as the history of the execution has it. */
  entered: Entered | undefined
}

/**
 * A person, or a service, in front of the run: starts it, and whenever it has failed, was stopped or has lost its driver,
 * resumes it from the start or redrives the map that it was in.
 */
export function createDrive(planned: PlannedRun, log: Watch['log']): Drive {
  const { run } = planned.record
  let current: Current | undefined
  let events = 0
  let deaths = 0
  let disturbances = 0

  /** @returns what calls it off */
  function dieLater(seconds: number): () => void {
    const { clock, faults } = current!.world
    if (deaths === MOST_DEATHS || !faults.strikes('driver dies again')) return () => {}
    return clock.after(2000 * seconds * faults.chance.uniform(), () => {
      deaths++
      if (current !== undefined) kill(current, run, log)
    })
  }

  /** One execution to its end, and the map in which it ended. */
  async function one(world: World, machine: string, definition: StateMachine | undefined) {
    const input = { run, concurrency: world.scenario.slots }
    // A map that is redriven takes no step before it.
    if (definition === undefined) world.batch.resume(run)
    const execution = world.start({ run, machine, input, definition })
    const killed = new Promise<DriverDeath>((resolve) => {
      current = { world, machine, execution, onDeath: resolve, entered: undefined }
    })
    const cancel =
      world.scenario.driverSeconds === undefined ? () => {} : dieLater(world.scenario.driverSeconds)
    const end = await endOf(execution, killed)
    cancel()
    const entered = current?.entered
    current = undefined
    return { ...end, entered }
  }

  return {
    onEvent(event) {
      if (current === undefined) return
      const { type, machine, state, detail } = event
      if (type === 'MapStateEntered' && machine === current.machine)
        current.entered = { state: state!, input: detail.input! }
      if (current.machine === 'Search' && ++events === planned.abandonedAt) abandon(current, run, log)
      else if (disturbances < MOST_DISTURBANCES && disturb(current, event, log)) disturbances++
    },
    async toTheEnd(world, machine, onOrphans) {
      const { clock, batch } = world
      let redriven: StateMachine | undefined
      const errors: string[] = []
      for (let executions = 1; ; executions++) {
        const since = clock.now()
        const end = await one(world, machine, redriven)
        if ('output' in end) return { output: end.output, error: undefined, executions, unexplained: errors }
        const { error, entered } = end
        log('driver', `${run} ended: ${error}`)
        if (error === ABANDONED) return { output: undefined, error, executions, unexplained: errors }
        if (error !== 'killed' && batch.live(run, since) > 0) onOrphans(batch.live(run, since))
        if (!isDisturbance(error) && !world.operator.excuses(error)) errors.push(error)
        const same = errors.filter((other) => other === error).length
        const isSpent = executions >= PATIENCE.executions && !isDisturbance(error)
        if (isSpent || same === PATIENCE.sameError)
          return { output: undefined, error, executions, unexplained: errors }
        redriven = await beforeNext(world, run, machine, error, entered)
      }
    },
  }
}

const isDisturbance = (error: string) => error === 'stopped' || error === 'killed'

async function endOf(
  execution: Execution,
  died: Promise<DriverDeath>,
): Promise<{ readonly output: unknown } | { readonly error: string }> {
  try {
    return await Promise.race([
      execution.ended.then((output) => ({ output })),
      died.then((error) => ({ error })),
    ])
  } catch (thrown) {
    return { error: thrown instanceof StateFailure ? thrown.cause : (thrown as Error).message }
  }
}

/** Stops an execution, or kills its driver, where the faults say so. @returns whether they did */
function disturb(current: Current, { run, type, state }: MachineEvent, log: Watch['log']): boolean {
  const { execution, world } = current
  const { faults } = world
  if (faults.strikes('driver stopped')) {
    log('driver', `stops the execution at ${type} ${state}`)
    execution.stop()
    return true
  }
  if (!faults.strikes('driver killed')) return false
  log('driver', `dies at ${type} ${state}`)
  kill(current, run, log)
  return true
}

/** The driver of a run dies; its jobs notice. */
function kill({ execution, world, onDeath }: Current, run: string, log: Watch['log']): void {
  log('driver', `of ${run} dies`)
  execution.kill()
  world.batch.disconnect(run)
  onDeath('killed')
}

/** The power fails where a run is executed, and nobody comes back to it. */
function abandon({ execution, world, onDeath }: Current, run: string, log: Watch['log']): void {
  log('driver', `loses power, and ${run} is not resumed`)
  world.faults.note('run abandoned')
  execution.kill()
  world.batch.powerOff(run)
  onDeath(ABANDONED)
}

/** Waits until the run is resumed; the machine with which, where it is redriven. */
async function beforeNext(
  world: World,
  run: string,
  machine: string,
  error: string,
  entered: Entered | undefined,
): Promise<StateMachine | undefined> {
  const { clock, faults, operator, damage } = world
  await clock.sleep((isDisturbance(error) ? SOON_MS : LATER_MS) * faults.chance.uniform())
  const isDamaged = !isDisturbance(error) && damage.keys.length > 0
  if (!isDisturbance(error)) await operator.mend(run, error)
  // What is missing is made by the steps before.
  if (isDamaged) return undefined
  if (entered === undefined || !faults.strikes('map redriven')) return undefined
  return redrive(world, run, machine, entered)
}

/**
 * The machine as RedriveExecution goes on with it: at the state where it was, with the input and the variables that it had
 * there.
 */
function redrive(
  { machines, scenario }: World,
  run: string,
  machine: string,
  { state, input }: Entered,
): StateMachine {
  const { States, ...definition } = machines[machine]!
  return {
    ...definition,
    StartAt: 'Redrive',
    States: {
      ...States,
      Redrive: {
        Type: 'Pass',
        Assign: { run, concurrency: scenario.slots },
        Output: input,
        Next: state,
      },
    },
  }
}
