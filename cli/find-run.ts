import { z } from 'zod'
import { TrellisError } from '../nas/errors.ts'
import { nearest } from '../nas/nearest.ts'
import { readRun } from '../nas/pipelines/run.ts'
import { runNameSchema } from '../nas/runs/config.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { mapObjects } from '../nas/runs/map-objects.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { getSound } from '../nas/store/json.ts'
import { openStore } from '../nas/store/open.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** Where runs are kept unless a config or `--store` says otherwise. */
export const DEFAULT_STORE = './trellis-store'

/** Names the run that was started last. */
export const LATEST = 'latest'

export interface RunOptions {
  readonly store?: string
}

/** @throws TrellisError `not-found` for a name that fits no run, or several */
export async function findRun(
  name: string,
  { store: location = DEFAULT_STORE }: RunOptions,
): Promise<{ store: ObjectStore; record: RunRecord }> {
  const store = openStore(location)
  return { store, record: await findRunIn(store, name) }
}

/** Likewise, in a store that is open. */
export const findRunIn = async (store: ObjectStore, name: string): Promise<RunRecord> =>
  readRun(store, await nameOfRun(store, name))

/** The run of exactly that name, for commands that end something. @throws TrellisError `not-found` */
export async function findRunByFullName(store: ObjectStore, name: string): Promise<RunRecord> {
  if (await isRun(store, name)) return readRun(store, name)
  throw notFound(store, name, await runsIn(store))
}

/**
 * The name of the run that is meant by a name, by the beginning of one, or by `latest`.
 * @throws TrellisError `not-found` for a name that fits no run, or several
 */
export async function nameOfRun(store: ObjectStore, name: string): Promise<string> {
  if (await isRun(store, name)) return name
  const known = await runsIn(store)
  if (name === LATEST && known.length > 0) return latestOf(store, known)
  const [first, ...others] = name === '' ? [] : known.filter((run) => run.startsWith(name))
  if (first === undefined) throw notFound(store, name, known)
  if (others.length === 0) return first
  throw new TrellisError(
    'not-found',
    `${1 + others.length} runs in ${store.location} begin with ${name}: ${listed([first, ...others])}`,
    { fix: 'give more of the name' },
  )
}

const isRun = async (store: ObjectStore, name: string): Promise<boolean> =>
  runNameSchema.safeParse(name).success && (await store.get(runKeys(name).config)) !== undefined

/** One that cannot be read is a run as well. */
export async function runsIn(store: ObjectStore): Promise<readonly string[]> {
  const folders = await store.folders?.('runs/')
  if (folders !== undefined) {
    const isThere = await mapObjects(folders, (run) =>
      store.get(runKeys(run).config).then(
        (bytes) => bytes !== undefined,
        () => true,
      ),
    )
    return folders.filter((_, i) => isThere[i])
  }
  const runs: string[] = []
  for await (const key of store.list('runs/')) {
    const [, run, file] = key.split('/')
    if (file === 'config.json') runs.push(run!)
  }
  return runs
}

const startSchema = z.looseObject({ startedAt: z.int() })

/** A run whose record is damaged, or cannot be read, tells no start. */
async function latestOf(store: ObjectStore, runs: readonly string[]): Promise<string> {
  const startOf = (run: string) =>
    getSound(store, runKeys(run).config, startSchema).catch(undefinedIfUnreadable)
  const starts = await mapObjects(runs, async (run) => ({
    run,
    startedAt: (await startOf(run))?.startedAt ?? 0,
  }))
  return starts.reduce((latest, each) => (each.startedAt > latest.startedAt ? each : latest)).run
}

/** What cannot be read tells nothing. */
export function undefinedIfUnreadable(error: unknown): undefined {
  if (!(error instanceof TrellisError)) throw error
}

/** Names of runs end with times, which differ in a few digits: a name that is farther away is a stranger's. */
const farthest = (name: string): number => Math.max(2, name.length / 5)

function notFound(store: ObjectStore, name: string, known: readonly string[]): TrellisError {
  const isName = runNameSchema.safeParse(name).success
  const meant = isName ? nearest(name, known, farthest(name)) : undefined
  const what = isName ? `there is no run ${name}` : `${JSON.stringify(name)} is the name of no run`
  return new TrellisError('not-found', `${what} in ${store.location}`, {
    fix:
      known.length === 0
        ? 'there is none at all: name another folder with --store, or start one with trellis search'
        : `${meant === undefined ? '' : `did you mean ${meant}? `}Known: ${listed(known)}`,
  })
}

const MOST_LISTED = 8

const listed = (runs: readonly string[]): string =>
  runs.length <= MOST_LISTED
    ? runs.join(', ')
    : `${runs.slice(0, MOST_LISTED).join(', ')} and ${runs.length - MOST_LISTED} more (trellis list)`

/** What to type after a command for it to find that run. */
export const runArguments = (run: string, { store }: RunOptions): string =>
  store === undefined ? run : `${run} --store ${store}`
