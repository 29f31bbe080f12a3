import { TrellisError } from '../nas/errors.ts'
import { checkContract } from '../nas/runs/contract.ts'
import { runKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { summarySchema } from '../nas/runs/summary.ts'
import { getJson } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { checkCheckpoints } from './check-checkpoints.ts'
import { checkDataset } from './check-dataset.ts'
import { executeRun } from './execute-run.ts'
import { findRun, type RunOptions, runArguments } from './find-run.ts'
import { describeRun } from './summary.ts'

/** Goes on with a run. Every step finds what it had done, so the end is that of a run that was never interrupted. */
export async function resume(run: string, options: RunOptions): Promise<void> {
  const { store, record } = await findRun(run, options)
  const ended = await describeEnded(store, record)
  if (ended !== undefined) return console.log(ended)
  checkContract(record)
  await checkSameDataset(record)
  await checkCheckpoints(store, record)
  await executeRun(store, record, {
    start: 'Search',
    again: `resume ${runArguments(run, options)}`,
  })
  console.log(await describeRun(store, record))
}

/** How a run has ended; undefined for one that has not ended well, or of which an object that tells how is missing. */
async function describeEnded(store: ObjectStore, record: RunRecord): Promise<string | undefined> {
  const summary = await getJson(store, runKeys(record.run).summary, summarySchema)
  if (summary?.status !== 'succeeded') return undefined
  try {
    return await describeRun(store, record)
  } catch (error) {
    if (error instanceof TrellisError && error.code === 'not-found') return undefined
    throw error
  }
}

async function checkSameDataset({ run, config, dataset }: RunRecord): Promise<void> {
  const {
    dataset: { fingerprint },
  } = await checkDataset(config)
  if (fingerprint === dataset.fingerprint) return
  const where = config.dataset.path ?? config.dataset.kind
  throw new TrellisError('invalid-dataset', `the dataset ${where} is not what it was when ${run} started`, {
    fix: 'put the files back as they were, or start a new run on the new ones',
  })
}
