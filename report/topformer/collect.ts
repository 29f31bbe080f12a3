import { readRunOf } from '../../nas/pipelines/run.ts'
import { comparisonSchema } from '../../nas/pipelines/topformer/comparison.ts'
import { frontOf } from '../../nas/pipelines/topformer/front.ts'
import { allResults } from '../../nas/pipelines/topformer/history.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { readTask } from '../../nas/pipelines/topformer/latency.ts'
import { pretrainSpec } from '../../nas/pipelines/topformer/pretraining.ts'
import { getNotes } from '../../nas/runs/dataset.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { readLedger } from '../../nas/runs/ledger.ts'
import { getResultOf } from '../../nas/runs/result.ts'
import { summarySchema } from '../../nas/runs/summary.ts'
import { trialKey } from '../../nas/runs/trial.ts'
import { getJson, RESUME } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { classification } from '../../nas/tasks/classification.ts'
import { endOf, type Standing } from '../note.ts'
import { picturesOf } from '../pictures.ts'
import type { TopformerReportData } from './data.ts'

/**
 * Reads what a run has written so far, in whatever state it is.
 *
 * @param standing of a run without an end
 * @throws TrellisError `not-found` where the store knows no such run
 */
export async function collectTopformerReport(
  store: ObjectStore,
  run: string,
  standing?: Standing,
): Promise<TopformerReportData> {
  const record = await readRunOf(store, run, topformer)
  const spec = pretrainSpec(record)
  const [summary, results, comparison, ledger, notes, task, pretraining] = await Promise.all([
    getJson(store, runKeys(run).summary, summarySchema, RESUME),
    allResults(store, record),
    getJson(store, topformerKeys(run).comparison, comparisonSchema, RESUME),
    readLedger(store, run),
    getNotes(store, run, record.dataset.fingerprint),
    readTask(store, record),
    spec && getResultOf(store, trialKey(spec), classification.result),
  ])
  return {
    record,
    end: endOf(summary, standing),
    notes,
    pretraining,
    results,
    task,
    front: frontOf(record, results, task),
    comparison,
    predictions: comparison === undefined ? [] : await picturesOf(store, comparison.winner.trial),
    ledger,
  }
}
