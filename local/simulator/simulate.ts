import type { PipelineName } from '../../nas/pipelines/config.ts'
import type { Bucket } from './bucket.ts'
import { type Remains, violations } from './check.ts'
import { createDrive, type RunEnd } from './drive.ts'
import { type Fault, type Faults, noFaults, seededFaults } from './faults.ts'
import { observe } from './observe.ts'
import { pipelineOf, pipelines } from './pipelines/index.ts'
import { type Product, product as theProduct } from './product.ts'
import { type Scenario, scenarioOf } from './scenario.ts'
import { createWorld, type MachineEvent, recordRun } from './world.ts'

/** What came out of a seed. */
export interface Simulated {
  readonly pipeline: PipelineName
  readonly seed: number
  readonly violations: readonly string[]
  readonly faults: Readonly<Partial<Record<Fault, number>>>
  /** How often the run had to be started. */
  readonly executions: number
  readonly trials: number
  /** GPU milliseconds: all, and those without which nothing would have been trained. */
  readonly busy: number
  readonly useful: number
  /** GPUs times the milliseconds that the run took. */
  readonly available: number
}

type Log = (at: number, who: string, what: string) => void

interface Listeners {
  readonly log?: Log | undefined
  readonly onEvent?: (event: MachineEvent) => void
}

/**
 * Runs one seed with faults, then the same without, and compares.
 *
 * @param log told of everything that happens under faults
 */
export async function simulate(
  pipeline: PipelineName,
  seed: number,
  { log, product = theProduct }: { readonly log?: Log; readonly product?: Product } = {},
): Promise<Simulated> {
  const scenario = scenarioOf(pipeline, seed)
  const faults = seededFaults(seed)
  const faulty = await run(scenario, faults, product, { log })
  const { record } = scenario
  const left = { objects: faulty.objects, record }
  const calmly = { ...record, config: pipelines[pipeline].withoutFaults(left) }
  const calm = await run({ ...scenario, record: calmly }, noFaults(seed), product)
  count(faults, faulty)
  const all = [
    ...faulty.broken,
    ...(await violations(faulty)),
    ...calm.broken.map((line) => `without faults: ${line}`),
    ...differences(faulty, calm),
  ]
  const time = (part: (attempt: Remains['attempts'][number]) => number) =>
    faulty.attempts.reduce((sum, attempt) => sum + part(attempt), 0)
  return {
    pipeline,
    seed,
    violations: all,
    faults: Object.fromEntries(faults.counts),
    executions: faulty.end.executions,
    trials: pipelines[pipeline].trials(left).length,
    busy: time(({ startedAt, endedAt }) => endedAt! - startedAt),
    useful: [...faulty.seen.offered.keys()].reduce(
      (sum, trial) => sum + 1000 * scenario.courseOf(trial).seconds,
      0,
    ),
    available: scenario.slots * faulty.took,
  }
}

/** A run that is over. */
export interface Ran extends Remains {
  readonly end: RunEnd
  readonly broken: readonly string[]
  /** Virtual milliseconds to the end of the run. */
  readonly took: number
}

/** Whatever still runs when a run has ended is over by then. */
const AFTERMATH_MS = 2 * 3_600_000

/** Runs a scenario until nothing of it moves any more. */
export async function run(
  scenario: Scenario,
  faults: Faults,
  product: Product,
  { log = () => {}, onEvent = () => {} }: Listeners = {},
): Promise<Ran> {
  const broken: string[] = []
  const say = (who: string, what: string) => log(world.clock.now(), who, what)
  const drive = createDrive(say)
  const { watch, seen } = observe(say, (event) => {
    onEvent(event)
    drive.onEvent(event)
  })
  const world = createWorld(scenario, product, faults, watch)
  const { clock, bucket, batch } = world
  const start = clock.now()
  await clock.until(recordRun(world))
  const end = await clock.until(
    drive.toTheEnd(world, (count) => broken.push(`${count} jobs were left running after a stop`)),
  )
  const took = clock.now() - start
  await clock.until(clock.sleep(AFTERMATH_MS))
  const endless = batch.attempts.filter(({ endedAt }) => endedAt === undefined)
  for (const { jobId, attempt } of endless) broken.push(`attempt ${jobId}-${attempt} never ended`)
  const attempts = batch.attempts.map((each) => ({ ...each, endedAt: each.endedAt ?? clock.now() }))
  return { scenario, objects: bucket.objects, attempts, seen, end, broken, took }
}

/** What does not depend on when and how often something was done is the same, byte for byte. */
function differences(faulty: Ran, calm: Ran): readonly string[] {
  const { record } = faulty.scenario
  if (faulty.end.error !== calm.end.error)
    return [`the run ended with ${faulty.end.error}, without faults with ${calm.end.error}`]
  const same = (key: string) => pipelineOf(record).isResult(key, record.run) || key.endsWith('/result.json')
  const all = new Set([...faulty.objects.keys(), ...calm.objects.keys()].filter(same))
  return [...all].flatMap((key) => {
    const [one, other] = [text(faulty.objects, key), text(calm.objects, key)]
    return one === other ? [] : [`${key} is not what it is without faults: ${firstDifference(one, other)}`]
  })
}

const text = (objects: Bucket['objects'], key: string): string => {
  const bytes = objects.get(key)
  return bytes === undefined ? 'nothing' : new TextDecoder().decode(bytes)
}

function firstDifference(one: string, other: string): string {
  let at = 0
  while (one[at] === other[at]) at++
  const from = Math.max(0, at - 40)
  return `…${one.slice(from, at + 80)}… and …${other.slice(from, at + 80)}…`
}

/** Faults that lie in the trials and in the budget. */
function count(faults: Faults, { objects, scenario, seen }: Ran): void {
  const names = { diverges: 'trial diverges', memory: 'trial out of memory', raises: 'trial raises' } as const
  for (const trial of seen.begun.keys()) {
    const { failure } = scenario.courseOf(trial)
    if (failure !== undefined) faults.note(names[failure])
  }
  const spent = [...objects].some(
    ([key, bytes]) =>
      key.endsWith('.verdict.json') && /(dollars|GPU hours) is used up/.test(new TextDecoder().decode(bytes)),
  )
  if (spent) faults.note('budget out in mid-round')
}
