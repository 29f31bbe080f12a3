import { z } from 'zod'
import {
  type EvaluatedDetector,
  type EvolutionRound,
  evaluatedBefore,
  evolutionResultsSchema,
  evolutionRoundSchema,
} from '../../nas/pipelines/auto-fpn/evolution.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnRun } from '../../nas/pipelines/auto-fpn/run.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { readLedger } from '../../nas/runs/ledger.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { evaluatedAs, tallyOf } from '../../nas/runs/rounds.ts'
import { type StopDecision, stopDecisionSchema } from '../../nas/runs/stop-decision.ts'
import { getJson, putJsonOnce, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { usedUp } from '../budget.ts'
import { lambdaFunction, roundEvent } from '../lambda-function.ts'

/** Records what became of a round of evolution, and decides, once, whether another follows. */
export const aggregate = lambdaFunction(
  'Aggregate',
  z.object(roundEvent),
  async ({ run, round }, { store }) => {
    const record = await readRunOf(store, run, autoFpn)
    const keys = autoFpnKeys(run).evolution
    const proposed = await requireJson(
      store,
      keys.round(round),
      evolutionRoundSchema,
      'propose the round first',
    )
    const evaluated = [
      ...(await evaluatedBefore(store, record, round)),
      ...(await resultsOf(store, record, proposed)),
    ]
    const decided = await getJson(store, keys.stopDecision(round), stopDecisionSchema)
    const { enough, reason } = decided ?? (await decide(store, record, proposed, evaluated))
    return { run, round: round + 1, enough, reason }
  },
)

/** What became of the detectors of a round whose jobs have all ended; fixed when first asked. */
async function resultsOf(
  store: ObjectStore,
  { run }: AutoFpnRun,
  { round, candidates }: EvolutionRound,
): Promise<readonly EvaluatedDetector[]> {
  const key = autoFpnKeys(run).evolution.results(round)
  const recorded = await getJson(store, key, evolutionResultsSchema)
  if (recorded !== undefined) return recorded.evaluated
  const evaluated = await mapObjects(candidates, async (each) =>
    evaluatedAs(each, await finalResult(store, run, each.trial, autoFpn.task.result)),
  )
  return (await putJsonOnce(store, key, evolutionResultsSchema, { evaluated })).evaluated
}

/** A detector that could not be trained is no parent, and ends nothing. */
async function decide(
  store: ObjectStore,
  record: AutoFpnRun,
  { round, candidates, limited }: EvolutionRound,
  evaluated: readonly EvaluatedDetector[],
): Promise<StopDecision> {
  const { run, config } = record
  const keys = autoFpnKeys(run).evolution
  // What came after this decision does not enter it: taken again, it is the same.
  const goesOn = (await store.get(keys.round(round + 1))) !== undefined
  const ledger = (await readLedger(store, run)).filter(({ job }) => job !== 'detector')
  const { completed, best } = tallyOf(evaluated)
  const reason =
    limited ??
    (candidates.length === 0 ? 'the search space holds no more candidates' : undefined) ??
    (completed >= config.baselines.evolution!.evaluations ? 'all detectors are trained' : undefined) ??
    (goesOn ? undefined : usedUp(record, ledger))
  return putJsonOnce(store, keys.stopDecision(round), stopDecisionSchema, {
    enough: reason !== undefined,
    reason: reason ?? 'evaluations remain',
    tried: completed,
    best,
  })
}
