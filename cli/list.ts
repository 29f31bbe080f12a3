import { statSync } from 'node:fs'
import type { z } from 'zod'
import { TrellisError } from '../nas/errors.ts'
import { progressOf } from '../nas/pipelines/progress.ts'
import { readRun } from '../nas/pipelines/run.ts'
import { readLedger, totals } from '../nas/runs/ledger.ts'
import { openStore } from '../nas/store/open.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { count, percent, usd } from '../report/format.ts'
import { DEFAULT_STORE, type RunOptions, runsIn } from './find-run.ts'
import { listJson, printJson } from './json.ts'
import { runsHere, stateOf } from './standing.ts'
import { table } from './table.ts'

export interface ListOptions extends RunOptions {
  readonly json?: boolean
}

/** Prints the runs of a store, the latest first. */
export async function list({ store: named, json }: ListOptions): Promise<void> {
  const store = openStore(named ?? DEFAULT_STORE)
  if (named !== undefined) checkFolder(store)
  printRuns(store, await listRuns(store, (run) => runsHere(store, run)), json)
}

/** A store that was named is there; the usual one is made by the first search. */
function checkFolder({ location }: ObjectStore): void {
  if (location.startsWith('s3://')) return
  const found = statSync(location, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  throw new TrellisError(
    'not-found',
    found ? `${location} is not a folder` : `there is no folder ${location}`,
    {
      fix: 'name the folder of a store with --store',
    },
  )
}

type Listed = z.infer<typeof listJson>['runs'][number]

/** @param isRunning whether anything runs a run now */
export async function listRuns(
  store: ObjectStore,
  isRunning: (run: string) => Promise<boolean>,
): Promise<readonly Listed[]> {
  const runs: Listed[] = []
  for (const run of await runsIn(store)) runs.push(await listed(store, run, isRunning))
  return runs.sort((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''))
}

async function listed(
  store: ObjectStore,
  run: string,
  isRunning: (run: string) => Promise<boolean>,
): Promise<Listed> {
  try {
    const { config, startedAt } = await readRun(store, run)
    const { completed, failed, best } = await progressOf(store, run)
    return {
      run,
      pipeline: config.pipeline,
      state: await stateOf(store, run, await isRunning(run)),
      startedAt: new Date(startedAt).toISOString(),
      trials: completed,
      failed,
      best,
      usd: totals(await readLedger(store, run)).usd,
    }
  } catch (error) {
    // One damaged run hides no other.
    if (!(error instanceof TrellisError)) throw error
    const unknown = { pipeline: null, startedAt: null, trials: null, failed: null, best: null, usd: null }
    return { run, state: 'damaged', ...unknown }
  }
}

export function printRuns(store: ObjectStore, runs: readonly Listed[], json = false): void {
  if (json) printJson(listJson, { store: store.location, runs: [...runs] })
  else console.log(runs.length === 0 ? `no run in ${store.location}` : tableOf(store, runs))
}

const tableOf = ({ location }: ObjectStore, runs: readonly Listed[]): string =>
  [
    table([
      ['run', 'pipeline', 'state', 'trials', 'best', 'cost', 'started'],
      ...runs.map(({ run, pipeline, state, trials, best, usd: dollars, startedAt }) => [
        run,
        pipeline ?? '–',
        state,
        trials === null ? '–' : count(trials),
        percent(best),
        dollars === null ? '–' : usd(dollars),
        startedAt === null ? '–' : `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)}`,
      ]),
    ]),
    '',
    `in ${location}; times are UTC`,
  ].join('\n')
