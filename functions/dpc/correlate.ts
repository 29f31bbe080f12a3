import { z } from 'zod'
import {
  bootstrapInterval,
  kendall,
  type RankCorrelation,
  spearman,
} from '../../nas/metrics/rank-correlation.ts'
import {
  type ComparedCell,
  candidatesSchema,
  FEWEST_PAIRS,
  type Rerank,
  type WinningCell,
} from '../../nas/pipelines/dpc/comparison.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { dpcKeys } from '../../nas/pipelines/dpc/keys.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { random } from '../../nas/random.ts'
import { bestOf, bestTrial, testOf } from '../../nas/runs/comparison.ts'
import { hashSchema } from '../../nas/runs/contract.ts'
import { leadsOf } from '../../nas/runs/leads.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import { compareAll } from '../comparison.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

const eventSchema = z.object({ ...runEvent, edition: hashSchema })

/** Compares the cells trained in full, and their full scores with their proxy scores. */
export const correlate = lambdaFunction('Correlate', eventSchema, async ({ run, edition }, { store }) => {
  const keys = dpcKeys(run)
  const { candidates, outcome } = keys.edition(edition)
  const { config } = await readRunOf(store, run, dpc)
  const picked = await requireJson(store, candidates, candidatesSchema, 'pick the best first')
  const trained = await compareAll(store, run, picked.contenders, dpc.task.result)
  const contenders = trained.map(({ compared }) => compared)
  const pairs = contenders.flatMap(({ proxy, score }) =>
    proxy && score !== null ? [[proxy.score, score] as const] : [],
  )
  const correlation = (name: string, statistic: RankCorrelation): Rerank['spearman'] => {
    if (pairs.length < FEWEST_PAIRS) return null
    const [proxy, full] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
    const value = statistic(proxy, full)
    const interval = bootstrapInterval(statistic, proxy, full, random(config.seed, 'bootstrap', name))
    return value === undefined || interval === undefined ? null : { value, ...interval }
  }
  const winner = winnerOf(contenders, run)
  const rerank: Rerank = {
    edition,
    dataset: picked.dataset,
    contenders,
    pairs: pairs.length,
    spearman: correlation('spearman', spearman),
    kendall: correlation('kendall', kendall),
    winner,
    ...leadsOf(trained, winner.trial, (role) => role !== 'searched'),
  }
  for (const key of [outcome, keys.rerank]) await store.put(key, jsonBytes(rerank))
  return { run, edition, winner: rerank.winner.trial }
})

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
