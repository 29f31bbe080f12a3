import { z } from 'zod'
import {
  type ComparedDetector,
  type Comparison,
  candidatesSchema,
  type WinningDetector,
} from '../../nas/pipelines/auto-fpn/comparison.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import { bestOf, bestTrial, testOf } from '../../nas/runs/comparison.ts'
import { leadsOf } from '../../nas/runs/leads.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import { compareAll } from '../comparison.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/** Compares the detector that was found with the baselines. */
export const compare = lambdaFunction('Compare', z.object(runEvent), async ({ run }, { store }) => {
  const keys = autoFpnKeys(run)
  const chosen = await requireJson(store, keys.candidates, candidatesSchema, 'derive a detector first')
  const trained = await compareAll(store, run, chosen.contenders, autoFpn.task.result)
  const contenders = trained.map(({ compared, meanOf }, i): ComparedDetector => {
    // Known before any training, and so also of a detector whose training failed.
    const { multiplyAdds } = chosen.contenders[i]!
    return { ...compared, multiplyAdds, ap50: meanOf(({ ap50 }) => ap50) }
  })
  const winner = winnerOf(contenders, run)
  const comparison: Comparison = {
    ...chosen,
    contenders,
    winner,
    ...leadsOf(trained, winner.trial, (role) => role !== 'found'),
  }
  await store.put(keys.comparison, jsonBytes(comparison))
  return { run, winner: comparison.winner.trial }
})

/** Baselines are for comparison: the result of a search is the detector that it has found. */
function winnerOf(contenders: readonly ComparedDetector[], run: string): WinningDetector {
  const found = contenders.flatMap(({ genotype, ...each }) =>
    each.role === 'found' && genotype !== null ? [{ ...each, genotype }] : [],
  )
  const best = bestOf(found, run)
  const { trials, genotype, score, ap50, parameters, multiplyAdds, neck, head } = best
  const figures = { score, ap50: ap50!, parameters, multiplyAdds, neck, head, ...testOf(best) }
  return { trial: bestTrial(trials), genotype, ...figures }
}
