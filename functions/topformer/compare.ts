import { z } from 'zod'
import { readRunOf } from '../../nas/pipelines/run.ts'
import {
  type ComparedNetwork,
  type Comparison,
  candidatesSchema,
  type WinningNetwork,
} from '../../nas/pipelines/topformer/comparison.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { bestOf, bestTrial, testOf } from '../../nas/runs/comparison.ts'
import { leadsOf } from '../../nas/runs/leads.ts'
import { agreementOf } from '../../nas/runs/score-agreement.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import { compareAll } from '../comparison.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/** Compares the networks that were found with the baselines. */
export const compare = lambdaFunction('Compare', z.object(runEvent), async ({ run }, { store }) => {
  const keys = topformerKeys(run)
  const { config } = await readRunOf(store, run, topformer)
  const chosen = await requireJson(store, keys.candidates, candidatesSchema, 'derive networks first')
  const trained = await compareAll(store, run, chosen.contenders, topformer.task.result)
  const contenders = trained.map(
    ({ compared }, i): ComparedNetwork => ({
      ...compared,
      // Known before any training, and so also of a network whose training failed.
      multiplyAdds: chosen.contenders[i]!.multiplyAdds,
    }),
  )
  const winner = winnerOf(contenders, run)
  const ofItsLimit = trained.filter(({ compared }) => compared.limit === winner.limit)
  const pairs = contenders.flatMap(({ inherited, score }) =>
    inherited !== null && score !== null ? [[inherited, score] as const] : [],
  )
  const comparison: Comparison = {
    ...chosen,
    contenders,
    ...agreementOf(pairs, config.seed),
    winner,
    ...leadsOf(ofItsLimit, winner.trial, (role) => role !== 'searched'),
  }
  await store.put(keys.comparison, jsonBytes(comparison))
  return { run, winner: winner.trial }
})

/** Baselines are for comparison: the result of a search is the best network that it has found. */
function winnerOf(contenders: readonly ComparedNetwork[], run: string): WinningNetwork {
  const found = contenders.flatMap((each) =>
    each.role === 'searched' && each.network.kind === 'genotype'
      ? [{ ...each, genotype: each.network.genotype }]
      : [],
  )
  const best = bestOf(found, run)
  const { trials, genotype, limit, inherited, score, parameters, multiplyAdds } = best
  return {
    trial: bestTrial(trials),
    genotype,
    limit,
    inherited,
    score,
    parameters,
    multiplyAdds,
    ...testOf(best),
  }
}
