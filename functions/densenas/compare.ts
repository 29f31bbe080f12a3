import { z } from 'zod'
import {
  type ComparedNetwork,
  type Comparison,
  candidatesSchema,
  type WinningNetwork,
} from '../../nas/pipelines/densenas/comparison.ts'
import { denseNas } from '../../nas/pipelines/densenas/index.ts'
import { denseNasKeys } from '../../nas/pipelines/densenas/keys.ts'
import { bestOf, bestTrial, testOf } from '../../nas/runs/comparison.ts'
import { leadsOf } from '../../nas/runs/leads.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import { compareAll } from '../comparison.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/** Compares the network that was found with the baselines. */
export const compare = lambdaFunction('Compare', z.object(runEvent), async ({ run }, { store }) => {
  const keys = denseNasKeys(run)
  const chosen = await requireJson(store, keys.candidates, candidatesSchema, 'derive a network first')
  const trained = await compareAll(store, run, chosen.contenders, denseNas.task.result)
  const contenders = trained.map(({ compared, meanOf }, i): ComparedNetwork => {
    // Known before any training, and so also of a network whose training failed.
    const { multiplyAdds } = chosen.contenders[i]!
    return { ...compared, multiplyAdds, top5: meanOf(({ top5 }) => top5) }
  })
  const winner = winnerOf(contenders, run)
  const comparison: Comparison = {
    ...chosen,
    contenders,
    winner,
    ...leadsOf(trained, winner.trial, (role) => role !== 'derived'),
  }
  await store.put(keys.comparison, jsonBytes(comparison))
  return { run, winner: comparison.winner.trial }
})

/** Baselines are for comparison: the result of a search is the network that it has found. */
function winnerOf(contenders: readonly ComparedNetwork[], run: string): WinningNetwork {
  const found = contenders.flatMap((each) =>
    each.role === 'derived' && each.network.kind === 'densenas'
      ? [{ ...each, genotype: each.network.genotype }]
      : [],
  )
  const best = bestOf(found, run)
  const { trials, genotype, score, top5, parameters, multiplyAdds } = best
  const figures = { score, top5: top5!, parameters, multiplyAdds, ...testOf(best) }
  return { trial: bestTrial(trials), genotype, ...figures }
}
