import { TrellisError } from '../nas/errors.ts'
import { type Rerank, rerankSchema } from '../nas/pipelines/dpc/rerank.ts'
import { type RunRecord, runOf } from '../nas/pipelines/run.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { summarySchema } from '../nas/runs/summary.ts'
import { getJson, requireJson } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { counted } from '../report/format.ts'
import { executeRun } from './execute-run.ts'
import { findRun, type RunOptions, runArguments } from './find-run.ts'
import { describeRun } from './summary.ts'

/** Makes a new edition of the ranking of a run: of its dataset as it is now. Where nothing is new, nothing is trained. */
export async function rerank(run: string, options: RunOptions): Promise<void> {
  const { store, record } = await findRun(run, options)
  runOf(record, 'dpc')
  await checkSearched(store, run)
  const before = await rankingOf(store, run)
  await executeRun(store, record, { start: 'edition', again: `rerank ${runArguments(run, options)}` })
  console.log(whatIsNew(record, before, await rankingOf(store, run)))
  console.log(await describeRun(store, record))
}

/** @throws TrellisError `invalid-config` for a run whose search has no end yet */
export async function checkSearched(store: ObjectStore, run: string): Promise<void> {
  const summary = await getJson(store, runKeys(run).summary, summarySchema)
  if (summary?.status === 'succeeded') return
  throw new TrellisError('invalid-config', `the search of run ${run} is not over`, {
    fix: `trellis resume ${run}: a search ranks what it finds itself`,
  })
}

const rankingOf = (store: ObjectStore, run: string): Promise<Rerank> =>
  requireJson(store, runKeys(run).rerank, rerankSchema, `trellis resume ${run}`)

function whatIsNew({ run }: RunRecord, before: Rerank, after: Rerank): string {
  if (after.edition === before.edition) return `Nothing is new for run ${run}: its ranking stands`
  const { train, validation } = after.dataset
  return `Run ${run} is ranked anew on ${counted(train, 'training image')} and ${counted(validation, 'validation image')}`
}
