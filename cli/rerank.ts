import { TrellisError } from '../nas/errors.ts'
import { checkContract } from '../nas/runs/contract.ts'
import { runKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { summarySchema } from '../nas/runs/summary.ts'
import { getJson, RESUME } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { counted, percent } from '../report/format.ts'
import { executeRun } from './execute-run.ts'
import { findRun, type RunOptions, runArguments } from './find-run.ts'
import { failureOf } from './nothing-trained.ts'
import { pipelineOf, pipelines } from './pipelines/index.ts'
import type { Ranking, Reranking } from './pipelines/pipeline.ts'
import { checkIsHere } from './place.ts'
import { planOf } from './plan.ts'
import { restoreInputs } from './restore-inputs.ts'
import { announce, type Printing, printRun } from './summary.ts'

/** Revises the ranking of a run, for its dataset as it is now. Where nothing is new, nothing is trained. */
export async function rerank(name: string, options: RunOptions & Printing): Promise<void> {
  const { store, record } = await findRun(name, options)
  const { run } = record
  const { machine, ranking } = rerankingOf(record)
  checkContract(record)
  checkIsHere(record.config.compute)
  await checkSearched(store, run)
  const before = await ranking(store, run)
  await restoreInputs(store, record)
  announce(await planOf(store, record), options)
  await executeRun(store, record, { start: machine, again: `rerank ${runArguments(run, options)}` })
  const after = await ranking(store, run)
  announce(whatIsNew(record, before, after), options)
  const changed = after.revision !== before.revision
  await printRun(store, record, options, { rerank: { changed, before: before.score, after: after.best } })
}

/** @throws TrellisError `invalid-pipeline` for a run whose pipeline re-ranks nothing */
export function rerankingOf({ run, config }: RunRecord): Reranking {
  const reranking = pipelineOf(config).rerank
  if (reranking !== null) return reranking
  const others = pipelines.all().filter(([, pipeline]) => pipeline.rerank !== null)
  throw new TrellisError('invalid-pipeline', `run ${run} is of ${config.pipeline}, which re-ranks nothing`, {
    fix: `name a run of ${others.map(([name]) => name).join(' or ')}`,
  })
}

/** @throws TrellisError `invalid-config` for a run whose search has no end yet, `not-found` for one that has failed */
export async function checkSearched(store: ObjectStore, run: string): Promise<void> {
  const summary = await getJson(store, runKeys(run).summary, summarySchema, RESUME)
  if (summary?.status === 'succeeded') return
  const failure = await failureOf(store, run)
  if (failure !== undefined) throw failure
  throw new TrellisError('invalid-config', `the search of run ${run} is not over`, {
    fix: `trellis resume ${run}: a search ranks what it finds itself`,
  })
}

function whatIsNew({ run }: RunRecord, before: Ranking, after: Ranking): string {
  if (after.revision === before.revision) return `Nothing is new for run ${run}: its ranking stands`
  const { train, validation } = after.dataset
  return [
    `Run ${run} is ranked anew on ${counted(train, 'training image')} and ${counted(validation, 'validation image')}`,
    `  before  ${percent(before.score)}`,
    `  after   ${percent(after.best)}: ${fate(before, after)}`,
  ].join('\n')
}

/** What becomes of the model. */
function fate(before: Ranking, after: Ranking): string {
  if (after.keeps) return 'no better on the same validation images, so the run keeps the model that it had'
  if (after.best > before.score) return 'the best of the new ranking is now the model of the run'
  return 'other validation images, which do not compare; the best of the new ranking is now the model of the run'
}
