import type { Inventory } from '../nas/data/inventory.ts'
import { TrellisError } from '../nas/errors.ts'
import { isWhole } from '../nas/pipelines/verify.ts'
import { checkContract } from '../nas/runs/contract.ts'
import { filesSchema, putFiles } from '../nas/runs/dataset.ts'
import { runKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { summarySchema } from '../nas/runs/summary.ts'
import { getSound } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { checkDataset } from './check-dataset.ts'
import { executeRun } from './execute-run.ts'
import { findRun, type RunOptions, runArguments } from './find-run.ts'
import { restoreInputs } from './restore-inputs.ts'
import { describeRun } from './summary.ts'

/** Goes on with a run. Every step finds what it had done, so the end is that of a run that was never interrupted. */
export async function resume(run: string, options: RunOptions): Promise<void> {
  const { store, record } = await findRun(run, options)
  const ended = await describeEnded(store, record)
  if (ended !== undefined) return console.log(ended)
  checkContract(record)
  await checkSameDataset(store, record)
  await restoreInputs(store, record)
  await executeRun(store, record, {
    start: 'Search',
    again: `resume ${runArguments(run, options)}`,
  })
  console.log(await describeRun(store, record))
}

/** How a run has ended; undefined for one that has not ended well, or has lost an object since. */
async function describeEnded(store: ObjectStore, record: RunRecord): Promise<string | undefined> {
  const summary = await getSound(store, runKeys(record.run).summary, summarySchema)
  if (summary?.status !== 'succeeded') return undefined
  return (await isWhole(store, record)) ? describeRun(store, record) : undefined
}

async function checkSameDataset(store: ObjectStore, { run, config, dataset }: RunRecord): Promise<void> {
  const {
    dataset: { fingerprint },
    files,
  } = await checkDataset(config)
  if (fingerprint === dataset.fingerprint) return noteAgain(store, run, fingerprint, files)
  const where = config.dataset.path ?? config.dataset.kind
  throw new TrellisError('invalid-dataset', `the dataset ${where} is not what it was when ${run} started`, {
    fix: 'put the files back as they were, or start a new run on the new ones',
  })
}

/** Notes of which files the dataset is made, where that has been lost. */
async function noteAgain(
  store: ObjectStore,
  run: string,
  fingerprint: string,
  files: Inventory,
): Promise<void> {
  const noted = await getSound(store, runKeys(run).files(fingerprint), filesSchema)
  if (noted === undefined) await putFiles(store, run, fingerprint, files)
}
