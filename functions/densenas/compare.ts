import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import {
  type Compared,
  type Comparison,
  type Rival,
  rivalsSchema,
  type Winner,
} from '../../nas/pipelines/densenas/comparison.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { type Classified, finalResult } from '../../nas/runs/result.ts'
import { bestOf, meanOver, outcomesOf } from '../../nas/runs/seeds.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/** Compares the network that was found with the baselines. */
export const compare = lambdaFunction('Compare', z.object(runEvent), async ({ run }, { store }) => {
  const keys = runKeys(run)
  const rivals = await requireJson(store, keys.rivals, rivalsSchema, 'derive a network first')
  const contenders = await Promise.all(rivals.contenders.map((rival) => trained(store, rival)))
  const comparison: Comparison = { ...rivals, contenders, winner: winnerOf(contenders[0]!, run) }
  await store.put(keys.comparison, jsonBytes(comparison))
  return { run, winner: comparison.winner.trial }
})

async function trained(store: ObjectStore, rival: Rival): Promise<Compared> {
  const results = await mapObjects(rival.trials, ({ trial }) => finalResult(store, trial))
  const succeeded = results.filter((result): result is Classified => 'top5' in result)
  const over = (of: (result: Classified) => number) => meanOver(results, succeeded, of)
  return {
    ...rival,
    score: over(({ score }) => score),
    top5: over(({ top5 }) => top5),
    parameters: succeeded[0]?.parameters ?? null,
    trials: outcomesOf(rival.trials, results),
  }
}

/** Baselines are for comparison: what a search gives is what it has found. */
function winnerOf({ network, score, top5, parameters, multiplyAdds, trials }: Compared, run: string): Winner {
  if (network.kind !== 'densenas' || score === null || top5 === null || parameters === null) {
    const reason = trials.find((trial) => trial.reason !== undefined)?.reason
    throw new TrellisError(
      'job-failed',
      `the network that ${run} has found could not be trained: ${reason}`,
      {
        fix: 'mend that, then start a new run: it finds the search of this one',
      },
    )
  }
  return { trial: bestOf(trials), genotype: network.genotype, score, top5, parameters, multiplyAdds }
}
