import { z } from 'zod'
import { stillHolds } from '../../nas/data/inventory.ts'
import {
  type ComparedCell,
  candidatesSchema,
  foundBy,
  type Rerank,
  rerankSchema,
  type WinningCell,
} from '../../nas/pipelines/dpc/comparison.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { dpcKeys } from '../../nas/pipelines/dpc/keys.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { bestOf, bestTrial, testOf } from '../../nas/runs/comparison.ts'
import { hashSchema } from '../../nas/runs/contract.ts'
import { type DatasetFacts, getFiles } from '../../nas/runs/dataset.ts'
import { leadsOf } from '../../nas/runs/leads.ts'
import { agreementOf } from '../../nas/runs/score-agreement.ts'
import { getSound, jsonBytes, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { compareAll } from '../comparison.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

const eventSchema = z.object({ ...runEvent, edition: hashSchema })

/** Compares the cells trained in full, and their full scores with their proxy scores. */
export const correlate = lambdaFunction('Correlate', eventSchema, async ({ run, edition }, { store }) => {
  const keys = dpcKeys(run)
  const { candidates, outcome } = keys.edition(edition)
  const record = await readRunOf(store, run, dpc)
  const { config } = record
  const picked = await requireJson(store, candidates, candidatesSchema, 'pick the best first')
  const trained = await compareAll(store, run, picked.contenders, dpc.task.result)
  const contenders = trained.map(({ compared }) => compared)
  const pairs = contenders.flatMap(({ proxy, score }) =>
    proxy && score !== null ? [[proxy.score, score] as const] : [],
  )
  const winner = winnerOf(contenders, run)
  const latest = await getSound(store, keys.rerank, rerankSchema)
  const decided = (await getSound(store, outcome, rerankSchema)) ?? (latest?.edition === edition && latest)
  const kept = decided ? decided.kept : await betterBefore(store, record, latest, picked.dataset, winner)
  const rerank: Rerank = {
    edition,
    dataset: picked.dataset,
    contenders,
    ...agreementOf(pairs, config.seed),
    winner,
    ...leadsOf(trained, winner.trial, (role) => role !== 'searched'),
    ...(kept !== undefined && { kept }),
  }
  for (const key of [outcome, keys.rerank]) await store.put(key, jsonBytes(rerank))
  return { run, edition, winner: rerank.winner.trial }
})

/** What the run had found before, where that is no worse by the same measure. */
async function betterBefore(
  store: ObjectStore,
  { run, config }: DpcRun,
  before: Rerank | undefined,
  dataset: DatasetFacts,
  winner: WinningCell,
): Promise<WinningCell | undefined> {
  if (before === undefined || foundBy(before).score < winner.score) return undefined
  return (await hasSameValidation(store, { run, config }, before.dataset, dataset))
    ? foundBy(before)
    : undefined
}

/** Whether all files that were there still are, and none of those that were added is for validation. */
async function hasSameValidation(
  store: ObjectStore,
  { run, config }: Pick<DpcRun, 'run' | 'config'>,
  before: DatasetFacts,
  now: DatasetFacts,
): Promise<boolean> {
  // A limited split takes other images of a longer list.
  const isLimited = 'limit' in config.dataset && config.dataset.limit?.validation !== undefined
  if (isLimited || before.validation !== now.validation) return false
  const files = await getFiles(store, run, before.fingerprint)
  const filesNow = await getFiles(store, run, now.fingerprint)
  return files !== undefined && filesNow !== undefined && stillHolds(files, filesNow)
}

/** Of cells with equal scores, the one that was better on the proxy task. */
function winnerOf(contenders: readonly ComparedCell[], run: string): WinningCell {
  const searched = contenders.flatMap((each) =>
    each.role === 'searched' && hasRank(each.proxy) ? [{ ...each, proxy: each.proxy }] : [],
  )
  const best = bestOf(searched, run)
  const { genotype, proxy, score, parameters, multiplyAdds, trials } = best
  return { trial: bestTrial(trials), genotype, proxy, score, parameters, multiplyAdds, ...testOf(best) }
}

const hasRank = (proxy: ComparedCell['proxy']): proxy is WinningCell['proxy'] =>
  (proxy?.rank ?? null) !== null
