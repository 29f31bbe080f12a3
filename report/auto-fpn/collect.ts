import { type Comparison, comparisonSchema } from '../../nas/pipelines/auto-fpn/comparison.ts'
import { type Module, modulesOf } from '../../nas/pipelines/auto-fpn/config.ts'
import { derivedSchema } from '../../nas/pipelines/auto-fpn/derived.ts'
import { evaluatedIn, evolutionSoFar } from '../../nas/pipelines/auto-fpn/evolution.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys, supernetKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { bestTrial } from '../../nas/runs/comparison.ts'
import { getNotes } from '../../nas/runs/dataset.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { readLedger } from '../../nas/runs/ledger.ts'
import { TRAIN_AGAIN } from '../../nas/runs/remedies.ts'
import { getResultOf } from '../../nas/runs/result.ts'
import { summarySchema } from '../../nas/runs/summary.ts'
import { storedHistorySchema } from '../../nas/spaces/auto-fpn/search/history.ts'
import { getJson, RESUME, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Detected } from '../../nas/tasks/detection.ts'
import { endOf, type Standing } from '../note.ts'
import { picturesOf } from '../pictures.ts'
import type { AutoFpnReportData, ModuleSearch, Winner } from './data.ts'

/**
 * Reads what a run has written so far, in whatever state it is.
 *
 * @param standing of a run without an end
 * @throws TrellisError `not-found` where the store knows no such run
 */
export async function collectAutoFpnReport(
  store: ObjectStore,
  run: string,
  standing?: Standing,
): Promise<AutoFpnReportData> {
  const record = await readRunOf(store, run, autoFpn)
  const [summary, searches, evolution, comparison, ledger, notes] = await Promise.all([
    getJson(store, runKeys(run).summary, summarySchema, RESUME),
    Promise.all(modulesOf(record.config).map((module) => searchOf(store, run, module))),
    evolutionSoFar(store, record),
    getJson(store, autoFpnKeys(run).comparison, comparisonSchema, RESUME),
    readLedger(store, run),
    getNotes(store, run, record.dataset.fingerprint),
  ])
  return {
    record,
    end: endOf(summary, standing),
    notes,
    searches: searches.filter((search) => search !== undefined),
    evolution: evaluatedIn(evolution),
    comparison,
    winner: comparison && (await winnerOf(store, comparison)),
    ledger,
  }
}

async function searchOf(store: ObjectStore, run: string, module: Module): Promise<ModuleSearch | undefined> {
  const derived = await getJson(store, autoFpnKeys(run).derived(module), derivedSchema, RESUME)
  if (derived === undefined) return undefined
  const found = derived.found.map(async (each) => {
    const { history } = supernetKeys(each.trial)
    const { entries } = await requireJson(store, history, storedHistorySchema, TRAIN_AGAIN, TRAIN_AGAIN)
    return { ...each, history: entries }
  })
  return { module, found: await Promise.all(found), failed: derived.failed ?? [] }
}

async function winnerOf(store: ObjectStore, { winner, contenders }: Comparison): Promise<Winner | undefined> {
  const detected = await detectedBy(store, winner.trial)
  const fpn = contenders.find(({ role }) => role === 'fpn')
  return (
    detected && {
      detected,
      fpn: fpn && (await detectedBy(store, bestTrial(fpn.trials))),
      pictures: await picturesOf(store, winner.trial),
    }
  )
}

async function detectedBy(store: ObjectStore, trial: string): Promise<Detected | undefined> {
  const result = await getResultOf(store, trial, autoFpn.task.result)
  return result?.status === 'succeeded' ? result : undefined
}
