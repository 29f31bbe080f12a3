import { foundBy, type Rerank, rerankSchema } from '../../nas/pipelines/dpc/comparison.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { dpcKeys } from '../../nas/pipelines/dpc/keys.ts'
import { inOrderOfProposal, type Ranked, readLeaderboard } from '../../nas/pipelines/dpc/leaderboard.ts'
import { roundSchema } from '../../nas/pipelines/dpc/round.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { bestTrial } from '../../nas/runs/comparison.ts'
import { getNotes } from '../../nas/runs/dataset.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { readLedger } from '../../nas/runs/ledger.ts'
import { getResultOf } from '../../nas/runs/result.ts'
import { summarySchema } from '../../nas/runs/summary.ts'
import { getJson, RESUME } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { endOf, type Standing } from '../note.ts'
import { picturesOf } from '../pictures.ts'
import type { ClassIou, DpcReportData, Winner } from './data.ts'

/**
 * Reads what a run has written so far, in whatever state it is.
 *
 * @param standing of a run without an end
 * @throws TrellisError `not-found` where the store knows no such run
 */
export async function collectDpcReport(
  store: ObjectStore,
  run: string,
  standing?: Standing,
): Promise<DpcReportData> {
  const keys = dpcKeys(run)
  const record = await readRunOf(store, run, dpc)
  const [summary, leaderboard, rerank, ledger, notes] = await Promise.all([
    getJson(store, runKeys(run).summary, summarySchema, RESUME),
    readLeaderboard(store, run),
    getJson(store, keys.rerank, rerankSchema, RESUME),
    readLedger(store, run),
    getNotes(store, run, record.dataset.fingerprint),
  ])
  const round = await getJson(store, keys.round(leaderboard?.rounds ?? 0), roundSchema)
  const best = leaderboard?.ranked[0]
  return {
    record,
    end: endOf(summary, standing),
    notes,
    tried: leaderboard ? inOrderOfProposal(leaderboard) : [],
    pending: round?.candidates.length ?? 0,
    rerank,
    winner: rerank ? await byFullTraining(store, rerank) : best && (await byProxyTask(store, best)),
    ledger,
  }
}

async function byFullTraining(store: ObjectStore, rerank: Rerank): Promise<Winner> {
  const { contenders } = rerank
  const winner = foundBy(rerank)
  const aspp = contenders.find(({ role }) => role === 'aspp')
  return {
    ...winner,
    scoredBy: 'full training',
    iou: (await classIou(store, winner.trial)) ?? [],
    asppIou: aspp && (await classIou(store, bestTrial(aspp.trials))),
    predictions: await picturesOf(store, winner.trial),
  }
}

async function byProxyTask(store: ObjectStore, best: Ranked): Promise<Winner> {
  const { genotype, multiplyAdds, parameters, score, trial } = best
  return {
    trial,
    genotype,
    score,
    parameters,
    multiplyAdds,
    proxy: { trial, score, rank: 1 },
    scoredBy: 'the proxy task',
    iou: (await classIou(store, trial)) ?? [],
    asppIou: undefined,
    predictions: [],
  }
}

async function classIou(store: ObjectStore, trial: string): Promise<ClassIou | undefined> {
  const result = await getResultOf(store, trial, dpc.task.result)
  return result?.status === 'succeeded' ? result.iou : undefined
}
