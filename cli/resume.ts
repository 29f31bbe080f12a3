import type { Survey } from '../nas/data/survey.ts'
import { TrellisError } from '../nas/errors.ts'
import { contracts } from '../nas/pipelines/index.ts'
import { dropResults, incompleteTrials, isWhole } from '../nas/pipelines/verify.ts'
import { checkContract } from '../nas/runs/contract.ts'
import { filesSchema, putFiles } from '../nas/runs/dataset.ts'
import { runKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { summarySchema } from '../nas/runs/summary.ts'
import { getSound } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { checkFiles } from './check-dataset.ts'
import { executeRun } from './execute-run.ts'
import { findRun, type RunOptions, runArguments } from './find-run.ts'
import { checkIsHere } from './place.ts'
import { planOf } from './plan.ts'
import { restoreInputs } from './restore-inputs.ts'
import { announce, type Printing, printRun } from './summary.ts'

/** Goes on with a run. Every step finds what it had done, so the end is that of a run that was never interrupted. */
export async function resume(name: string, options: RunOptions & Printing): Promise<void> {
  const { store, record } = await findRun(name, options)
  const { run } = record
  if (await hasEnded(store, record)) return printRun(store, record, options)
  checkContract(record)
  checkIsHere(record.config.compute)
  await checkSameDataset(store, record)
  await restoreInputs(store, record)
  await dropResults(store, await incompleteTrials(store, record))
  announce(await planOf(store, record), options)
  await executeRun(store, record, {
    start: 'Search',
    again: `resume ${runArguments(run, options)}`,
  })
  await printRun(store, record, options)
}

/** Whether a run has ended well, and has lost no object since. */
async function hasEnded(store: ObjectStore, record: RunRecord): Promise<boolean> {
  const summary = await getSound(store, runKeys(record.run).summary, summarySchema)
  if (summary?.status !== 'succeeded' || !(await isWhole(store, record))) return false
  return (await incompleteTrials(store, record)).length === 0
}

type Noted = Pick<Survey<unknown>, 'files' | 'counts' | 'extent' | 'warnings'>

async function checkSameDataset(store: ObjectStore, { run, config, dataset }: RunRecord): Promise<void> {
  const {
    dataset: { fingerprint },
    ...noted
  } = await checkFiles(contracts.of(config.pipeline).task, config.dataset)
  if (fingerprint === dataset.fingerprint) return noteAgain(store, run, fingerprint, noted)
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
  { files, ...notes }: Noted,
): Promise<void> {
  const noted = await getSound(store, runKeys(run).files(fingerprint), filesSchema)
  if (noted === undefined) await putFiles(store, run, fingerprint, files, notes)
}
