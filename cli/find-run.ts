import { closest } from 'fastest-levenshtein'
import { TrellisError } from '../nas/errors.ts'
import { readRun } from '../nas/pipelines/run.ts'
import { runNameSchema } from '../nas/runs/config.ts'
import { runKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { openStore } from '../nas/store/open.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** Where runs are kept unless a config or `--store` says otherwise. */
export const DEFAULT_STORE = './trellis-store'

export interface RunOptions {
  readonly store?: string
}

/** @throws TrellisError `not-found` naming the runs that there are, the nearest first */
export async function findRun(
  run: string,
  { store: location = DEFAULT_STORE }: RunOptions,
): Promise<{ store: ObjectStore; record: RunRecord }> {
  const store = openStore(location)
  return { store, record: await findRunIn(store, run) }
}

/** Likewise, in a store that is open. */
export async function findRunIn(store: ObjectStore, run: string): Promise<RunRecord> {
  const exists = runNameSchema.safeParse(run).success && (await store.get(runKeys(run).config)) !== undefined
  if (exists) return readRun(store, run)
  const known = await runsIn(store)
  throw new TrellisError('not-found', `there is no run ${run} in ${store.location}`, {
    fix:
      known.length === 0
        ? 'there is none at all: name another folder with --store, or start one with trellis search'
        : `did you mean ${closest(run, known)}? Known: ${known.join(', ')}`,
  })
}

async function runsIn(store: ObjectStore): Promise<string[]> {
  const runs: string[] = []
  for await (const key of store.list('runs/')) {
    const [, run, file] = key.split('/')
    if (file === 'config.json') runs.push(run!)
  }
  return runs
}

/** What to type after a command for it to find that run. */
export const runArguments = (run: string, { store }: RunOptions): string =>
  store === undefined ? run : `${run} --store ${store}`
