import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import {
  bootstrapInterval,
  kendall,
  type RankCorrelation,
  spearman,
} from '../../nas/metrics/rank-correlation.ts'
import {
  type Contender,
  choiceSchema,
  type Rerank,
  type Trained,
  type Winner,
} from '../../nas/pipelines/dpc/rerank.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { random } from '../../nas/random.ts'
import { hashSchema } from '../../nas/runs/contract.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { bestOf, meanOver, outcomesOf } from '../../nas/runs/seeds.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

const eventSchema = z.object({ ...runEvent, edition: hashSchema })

/** Compares what has been trained in full, and how the proxy task had ranked it. */
export const correlate = lambdaFunction('Correlate', eventSchema, async ({ run, edition }, { store }) => {
  const keys = runKeys(run)
  const { candidates, outcome } = keys.edition(edition)
  const { config } = await readRunOf(store, run, 'dpc')
  const choice = await requireJson(store, candidates, choiceSchema, 'pick the best first')
  const contenders = await Promise.all(choice.contenders.map((contender) => trained(store, contender)))
  const pairs = contenders.flatMap(({ proxy, score }) =>
    proxy && score !== null ? [[proxy.score, score] as const] : [],
  )
  const correlation = (name: string, statistic: RankCorrelation): Rerank['spearman'] => {
    const [proxy, full] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
    const value = statistic(proxy, full)
    const interval = bootstrapInterval(statistic, proxy, full, random(config.seed, 'bootstrap', name))
    return value === undefined || interval === undefined ? null : { value, ...interval }
  }
  const rerank: Rerank = {
    edition,
    dataset: choice.dataset,
    contenders,
    pairs: pairs.length,
    spearman: correlation('spearman', spearman),
    kendall: correlation('kendall', kendall),
    winner: winnerOf(contenders, run),
  }
  for (const key of [outcome, keys.rerank]) await store.put(key, jsonBytes(rerank))
  return { run, edition, winner: rerank.winner.trial }
})

async function trained(store: ObjectStore, contender: Contender): Promise<Trained> {
  const results = await mapObjects(contender.trials, ({ trial }) => finalResult(store, trial))
  const succeeded = results.filter((result) => result.status === 'succeeded')
  return {
    ...contender,
    score: meanOver(results, succeeded, ({ score }) => score),
    parameters: succeeded[0]?.parameters ?? null,
    multiplyAdds: succeeded[0]?.multiplyAdds ?? null,
    trials: outcomesOf(contender.trials, results),
  }
}

/** Of cells with equal scores, the one that was better on the proxy task. */
function winnerOf(contenders: readonly Trained[], run: string): Winner {
  const searched = contenders.filter(({ role }) => role === 'searched')
  const [winner] = searched.flatMap(asWinner).sort((a, b) => b.score - a.score)
  if (winner !== undefined) return winner
  const reason = searched.flatMap(({ trials }) => trials).find((trial) => trial.reason !== undefined)?.reason
  throw new TrellisError(
    'job-failed',
    `none of the best candidates of ${run} could be trained in full: ${reason}`,
    {
      fix: 'mend that, then start a new run: it finds the proxy results of this one',
    },
  )
}

function asWinner({ genotype, proxy, score, parameters, multiplyAdds, trials }: Trained): readonly Winner[] {
  if (proxy === null || score === null || parameters === null || multiplyAdds === null) return []
  return [{ trial: bestOf(trials), genotype, proxy, score, parameters, multiplyAdds }]
}
