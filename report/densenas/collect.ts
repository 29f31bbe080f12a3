import { architectureSchema } from '../../nas/pipelines/densenas/architecture.ts'
import { comparisonSchema } from '../../nas/pipelines/densenas/comparison.ts'
import { derivedSchema } from '../../nas/pipelines/densenas/derived.ts'
import { denseNas } from '../../nas/pipelines/densenas/index.ts'
import { denseNasKeys, supernetKeys } from '../../nas/pipelines/densenas/keys.ts'
import { getLatencies, latencyKey } from '../../nas/pipelines/densenas/latency.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { getNotes } from '../../nas/runs/dataset.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { readLedger } from '../../nas/runs/ledger.ts'
import { TRAIN_AGAIN } from '../../nas/runs/remedies.ts'
import { getResult, getResultOf } from '../../nas/runs/result.ts'
import { summarySchema } from '../../nas/runs/summary.ts'
import { relax } from '../../nas/spaces/densenas/relaxation.ts'
import { supernetHistorySchema } from '../../nas/spaces/densenas/search/history.ts'
import { getJson, RESUME, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Confusion } from '../../nas/tasks/classification.ts'
import { endOf, type Standing } from '../note.ts'
import type { DenseNasReportData, Search } from './data.ts'

/**
 * Reads what a run has written so far, in whatever state it is.
 *
 * @param standing of a run without an end
 * @throws TrellisError `not-found` where the store knows no such run
 */
export async function collectDenseNasReport(
  store: ObjectStore,
  run: string,
  standing?: Standing,
): Promise<DenseNasReportData> {
  const record = await readRunOf(store, run, denseNas)
  const key = latencyKey(record)
  const [summary, search, latencies, comparison, ledger, notes] = await Promise.all([
    getJson(store, runKeys(run).summary, summarySchema, RESUME),
    searchOf(store, run),
    key === null ? undefined : getLatencies(store, key),
    getJson(store, denseNasKeys(run).comparison, comparisonSchema, RESUME),
    readLedger(store, run),
    getNotes(store, run, record.dataset.fingerprint),
  ])
  const confusion = comparison && (await confusionOf(store, comparison.winner.trial))
  return { record, end: endOf(summary, standing), notes, search, latencies, comparison, confusion, ledger }
}

async function confusionOf(store: ObjectStore, trial: string): Promise<Confusion | undefined> {
  const result = await getResultOf(store, trial, denseNas.task.result)
  return result?.status === 'succeeded' ? result.confusion : undefined
}

async function searchOf(store: ObjectStore, run: string): Promise<Search | undefined> {
  const derived = await getJson(store, denseNasKeys(run).derived, derivedSchema, RESUME)
  if (derived === undefined) return undefined
  const { architecture, history } = supernetKeys(derived.trial)
  const [parameters, { epochs }, result] = await Promise.all([
    requireJson(store, architecture, architectureSchema, TRAIN_AGAIN, TRAIN_AGAIN),
    requireJson(store, history, supernetHistorySchema, TRAIN_AGAIN, TRAIN_AGAIN),
    getResult(store, derived.trial),
  ])
  const score = result?.status === 'succeeded' ? result.score : undefined
  return { derived, relaxation: relax(parameters), epochs, score }
}
