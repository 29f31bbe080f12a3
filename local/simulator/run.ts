import { createDrive, type Drive } from './drive.ts'
import type { Faults } from './faults.ts'
import { observe } from './observe.ts'
import type { Product } from './product.ts'
import type { Revision, RunArtifacts } from './run-artifacts.ts'
import type { Scenario } from './scenario.ts'
import type { MachineEvent } from './watch.ts'
import { createWorld, recordRun, type World } from './world.ts'

export type Log = (at: number, who: string, what: string) => void

export interface Listeners {
  readonly log?: Log | undefined
  readonly onEvent?: (event: MachineEvent) => void
  /** The machine that revises the ranking of the run when it is over, where the scenario has that done. */
  readonly reviser?: string | undefined
}

/** A run, and what went wrong with it beside what its artifacts tell. */
export interface Ran extends RunArtifacts {
  readonly broken: readonly string[]
  /** Virtual milliseconds that the search and the revisions took. */
  readonly took: number
}

/** Whatever still runs when a machine has ended is over by then. */
const AFTERMATH_MS = 2 * 3_600_000

/** Runs a scenario, and revises its ranking, until nothing of it moves any more. */
export async function run(
  scenario: Scenario,
  faults: Faults,
  product: Product,
  { log = () => {}, onEvent = () => {}, reviser }: Listeners = {},
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
  await clock.until(recordRun(world))

  const onOrphans = (count: number) => broken.push(`${count} jobs were left running after a stop`)
  const execute = (machine: string) => driven(world, drive, machine, onOrphans)
  const search = await execute('Search')
  const revised = reviser === undefined ? [] : await reviseEach(world, () => execute(reviser))

  const endless = batch.attempts.filter(({ endedAt }) => endedAt === undefined)
  for (const { jobId, attempt } of endless) broken.push(`attempt ${jobId}-${attempt} never ended`)
  const attempts = batch.attempts.map((each) => ({ ...each, endedAt: each.endedAt ?? clock.now() }))
  const { record } = scenario
  return {
    scenario,
    record,
    objects: bucket.objects,
    attempts,
    seen,
    end: search.end,
    revisions: revised.map(({ revision }) => revision),
    broken,
    took: [search, ...revised].reduce((sum, { took }) => sum + took, 0),
  }
}

/** Drives a machine to its end, and waits until all that it started is over. */
async function driven(world: World, drive: Drive, machine: string, onOrphans: (count: number) => void) {
  const { clock } = world
  const start = clock.now()
  const end = await clock.until(drive.toTheEnd(world, machine, onOrphans))
  const took = clock.now() - start
  await clock.until(clock.sleep(AFTERMATH_MS))
  return { end, took }
}

/** Revises the ranking of a run that is over, each time on the files that its dataset has by then. */
async function reviseEach(
  { dataset, bucket, batch, scenario: { record, files } }: World,
  execute: () => ReturnType<typeof driven>,
) {
  const revised: { readonly revision: Revision; readonly took: number }[] = []
  let latest = files.start
  for (const now of files.revisions) {
    dataset.change(now)
    const changed = now !== latest
    latest = now
    const before = new Map(bucket.objects)
    const attempts = batch.attempts.length
    const { end, took } = await execute()
    const jobs = batch.attempts.slice(attempts).map(({ kind }) => kind)
    const after = new Map(bucket.objects)
    revised.push({ revision: { run: record.run, changed, before, after, jobs, end }, took })
  }
  return revised
}
