import { TrellisError } from '../nas/errors.ts'
import { type RunConfig, runNameSchema } from '../nas/runs/config.ts'
import { openStore } from '../nas/store/open.ts'
import { readConfig } from './config-file.ts'
import { executeRun } from './execute-run.ts'
import { DEFAULT_STORE, LATEST, type RunOptions, runArguments } from './find-run.ts'
import { checkIsHere } from './place.ts'
import { planOf } from './plan.ts'
import { remeasured } from './remeasured.ts'
import { showDataset } from './show-dataset.ts'
import { startRun } from './start-run.ts'
import { announce, type Printing, printRun } from './summary.ts'

export interface SearchOptions extends RunOptions, Printing {
  readonly set?: readonly string[]
  readonly run?: string
  readonly remeasure?: boolean
}

/** Starts a run and sees it through. */
export async function search(file: string, options: SearchOptions): Promise<void> {
  const overrides = options.store === undefined ? [] : [`store=${JSON.stringify(options.store)}`]
  const raw = readConfig(file, [...(options.set ?? []), ...overrides])
  const config = options.remeasure ? remeasured(raw) : raw
  checkIsHere(config.compute)
  const run = chosenName(config, options.run)
  const store = openStore(config.store)
  const record = await startRun(store, run, config)
  announce(await planOf(store, record), options)
  await showDataset(store, record, options)
  await executeRun(store, record, {
    start: 'Search',
    again: `resume ${argumentsOf(run, config)}`,
  })
  await printRun(store, record, options)
}

/** @throws TrellisError `invalid-config` for what can be no name */
export const chosenName = (config: RunConfig, name: string | undefined): string =>
  name === undefined ? runName(config.name, new Date()) : checkedName(name)

/** 'street' -> 'street-20261122-140312', in UTC. */
export const runName = (name: string, now: Date): string =>
  `${name}-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`

function checkedName(name: string): string {
  if (name === LATEST)
    throw new TrellisError('invalid-config', `--run ${LATEST} names the run that was started last`, {
      fix: 'name it otherwise, or leave --run out',
    })
  const parsed = runNameSchema.safeParse(name)
  if (parsed.success) return parsed.data
  throw new TrellisError('invalid-config', `--run ${name} is no name for a run`, {
    fix: parsed.error.issues[0]!.message,
  })
}

const argumentsOf = (run: string, { store }: RunConfig): string =>
  runArguments(run, store === openStore(DEFAULT_STORE).location ? {} : { store })
