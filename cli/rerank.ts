import { TrellisError } from '../nas/errors.ts'
import { checkContract } from '../nas/runs/contract.ts'
import type { Estimate } from '../nas/runs/estimate.ts'
import { runKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { summarySchema } from '../nas/runs/summary.ts'
import { getJson, RESUME } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { counted } from '../report/format.ts'
import { executeRun } from './execute-run.ts'
import { findRun, type RunOptions, runArguments } from './find-run.ts'
import { pipelineOf, pipelines } from './pipelines/index.ts'
import type { Ranking, Reranking } from './pipelines/pipeline.ts'
import { planOf } from './plan.ts'
import { restoreInputs } from './restore-inputs.ts'
import { announce, type Printing, printRun } from './summary.ts'

/** Revises the ranking of a run, for its dataset as it is now. Where nothing is new, nothing is trained. */
export async function rerank(name: string, options: RunOptions & Printing): Promise<void> {
  const { store, record } = await findRun(name, options)
  const { run } = record
  const { machine, ranking } = rerankingOf(record)
  checkContract(record)
  await checkSearched(store, run)
  const before = await ranking(store, run)
  await restoreInputs(store, record)
  announce(planOf(record), options)
  await executeRun(store, record, { start: machine, again: `rerank ${runArguments(run, options)}` })
  announce(whatIsNew(record, before, await ranking(store, run)), options)
  await printRun(store, record, options)
}

/** @throws TrellisError `invalid-pipeline` for a run whose pipeline re-ranks nothing */
export function rerankingOf({ run, config }: RunRecord): Reranking<Estimate> {
  const reranking = pipelineOf(config).rerank
  if (reranking !== null) return reranking
  const others = pipelines.all().filter(([, pipeline]) => pipeline.rerank !== null)
  throw new TrellisError('invalid-pipeline', `run ${run} is of ${config.pipeline}, which re-ranks nothing`, {
    fix: `name a run of ${others.map(([name]) => name).join(' or ')}`,
  })
}

/** @throws TrellisError `invalid-config` for a run whose search has no end yet */
export async function checkSearched(store: ObjectStore, run: string): Promise<void> {
  const summary = await getJson(store, runKeys(run).summary, summarySchema, RESUME)
  if (summary?.status === 'succeeded') return
  throw new TrellisError('invalid-config', `the search of run ${run} is not over`, {
    fix: `trellis resume ${run}: a search ranks what it finds itself`,
  })
}

function whatIsNew({ run }: RunRecord, before: Ranking, after: Ranking): string {
  if (after.revision === before.revision) return `Nothing is new for run ${run}: its ranking stands`
  const { train, validation } = after.dataset
  return `Run ${run} is ranked anew on ${counted(train, 'training image')} and ${counted(validation, 'validation image')}`
}
