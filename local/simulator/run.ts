import { loadAll } from '../../functions/loaded-once.ts'
import type { TrueAttempt } from './batch/true-attempt.ts'
import { ABANDONED, createDrive, type Drive } from './drive.ts'
import type { Faults } from './faults.ts'
import { heard } from './heard.ts'
import type { Observations } from './observations.ts'
import { observe } from './observe.ts'
import type { Product } from './product.ts'
import type { ObjectMap, Revision, RunArtifacts, RunEnd } from './run-artifacts.ts'
import type { PlannedRun, Scenario } from './scenario.ts'
import type { MachineEvent } from './watch.ts'
import { createWorld, recordRun, type World } from './world.ts'

export type Log = (at: number, who: string, what: string) => void

export interface Listeners {
  readonly log?: Log | undefined
  readonly onEvent?: (event: MachineEvent) => void
  /** The machine that revises the ranking of a run when it is over, where the scenario has that done. */
  readonly reviser?: string | undefined
}

/** The runs of a store, and what went wrong with them beside what their artifacts tell. */
export interface Ran {
  /** In the order of the scenario. */
  readonly runs: readonly RunArtifacts[]
  readonly objects: ObjectMap
  readonly attempts: readonly TrueAttempt[]
  readonly seen: Observations
  readonly broken: readonly string[]
  /** Virtual milliseconds that the searches and the revisions took. */
  readonly took: number
}

/** Whatever still runs when a machine has ended is over by then. */
const AFTERMATH_MS = 2 * 3_600_000

/** Runs a scenario, and revises its rankings, until nothing of it moves any more. */
export async function run(
  scenario: Scenario,
  faults: Faults,
  product: Product,
  { log = () => {}, onEvent = () => {}, reviser }: Listeners = {},
): Promise<Ran> {
  // While a module loads, virtual time would fly, and functions time out.
  await loadAll()
  const broken: string[] = []
  const say = (who: string, what: string) => log(world.clock.now(), who, what)
  const drives = new Map(scenario.runs.map((each) => [each.record.run, createDrive(each, say)]))
  const { watch, seen } = observe(say, (event) => {
    onEvent(event)
    drives.get(event.run)!.onEvent(event)
  })
  const unhelpful: { readonly run: string; readonly error: string }[] = []
  const world = createWorld(scenario, product, faults, watch, (run, error) => {
    unhelpful.push({ run, error })
  })
  const { bucket, batch, damage } = world
  const execute = (run: string, machine: string) =>
    drives
      .get(run)!
      .toTheEnd(world, machine, (count) =>
        broken.push(`${count} jobs of ${run} were left running after a stop`),
      )

  const searches = await timed(world, () => searchAll(world, (run) => execute(run, 'Search')))
  // Damage that no run has read stays: the next reader is not part of this one.
  damage.end()
  const finished = scenario.runs.filter((_, i) => searches.value[i]!.error !== ABANDONED)
  const revised =
    reviser === undefined ? [] : await reviseEach(world, finished, (run) => execute(run, reviser))

  const endless = batch.attempts.filter(({ endedAt }) => endedAt === undefined)
  for (const { jobId, attempt } of endless) broken.push(`attempt ${jobId}-${attempt} never ended`)
  const endOf = (run: string) => searches.value[scenario.runs.findIndex(({ record }) => record.run === run)]
  // A run that has ended so all the same has nothing to do with the data.
  for (const { run, error } of unhelpful)
    if (![error, ABANDONED].includes(endOf(run)?.error ?? ''))
      broken.push(`what to do about damaged data was not said: ${error}`)
  const attempts = batch.attempts.map((each) => heard(world, seen, each))
  const { objects } = bucket
  return {
    runs: scenario.runs.map(({ record }, i) => ({
      scenario,
      record,
      objects,
      attempts: attempts.filter((each) => each.run === record.run),
      seen,
      end: searches.value[i]!,
      revisions: revised.map(({ revision }) => revision).filter(({ run }) => run === record.run),
    })),
    objects,
    attempts,
    seen,
    broken,
    took: [searches, ...revised].reduce((sum, { took }) => sum + took, 0),
  }
}

/** Lets something happen, and waits until all that it has started is over. */
async function timed<T>({ clock }: World, happen: () => Promise<T>) {
  const start = clock.now()
  const value = await clock.until(happen())
  const took = clock.now() - start
  await clock.until(clock.sleep(AFTERMATH_MS))
  return { value, took }
}

/** Starts each run when it is to start. */
function searchAll(world: World, search: (run: string) => Promise<RunEnd>): Promise<RunEnd[]> {
  const { clock, scenario } = world
  const ends: Promise<RunEnd>[] = []
  const startOf = async ({ record, startsAfter }: PlannedRun, previous: Promise<RunEnd> | undefined) => {
    if (startsAfter.previous) await previous
    await clock.sleep(1000 * startsAfter.seconds)
    await recordRun(world, record)
    return search(record.run)
  }
  for (const planned of scenario.runs) ends.push(startOf(planned, ends.at(-1)))
  return Promise.all(ends)
}

/** Revises the rankings of runs that are over, each time on the files that their dataset has by then. */
async function reviseEach(
  world: World,
  runs: readonly PlannedRun[],
  execute: (run: string) => ReturnType<Drive['toTheEnd']>,
) {
  const { dataset, bucket, batch, scenario } = world
  const revised: { readonly revision: Revision; readonly took: number }[] = []
  let latest = scenario.files.start
  for (const now of scenario.files.revisions) {
    dataset.change(now)
    const changed = now !== latest
    latest = now
    for (const { record } of runs) {
      const before = new Map(bucket.objects)
      const attempts = batch.attempts.length
      const { value: end, took } = await timed(world, () => execute(record.run))
      const jobs = batch.attempts.slice(attempts).map(({ kind }) => kind)
      const after = new Map(bucket.objects)
      revised.push({ revision: { run: record.run, changed, before, after, jobs, end }, took })
    }
  }
  return revised
}
