import { z } from 'zod'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { roundsOf } from '../../nas/pipelines/topformer/config.ts'
import { frontOf } from '../../nas/pipelines/topformer/front.ts'
import { allResults, resultsBefore } from '../../nas/pipelines/topformer/history.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { readTask } from '../../nas/pipelines/topformer/latency.ts'
import {
  type Evaluated,
  type RoundResults,
  roundResultsSchema,
  roundSchema,
} from '../../nas/pipelines/topformer/round.ts'
import type { TopformerRun } from '../../nas/pipelines/topformer/run.ts'
import { keepClosed, readLedger } from '../../nas/runs/ledger.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { evaluatedAs, isScored } from '../../nas/runs/rounds.ts'
import { type StopDecision, stopDecisionSchema } from '../../nas/runs/stop-decision.ts'
import { getJson, jsonBytes, putJsonOnce, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { usedUp } from '../budget.ts'
import { checkFirstRound } from '../first-round.ts'
import { lambdaFunction, roundEvent } from '../lambda-function.ts'

/** Records what became of a half-step, and decides, once, whether the search goes on. */
export const aggregate = lambdaFunction(
  'Aggregate',
  z.object(roundEvent),
  async ({ run, round }, { store }) => {
    const record = await readRunOf(store, run, topformer)
    const keys = topformerKeys(run)
    const results = [...(await resultsBefore(store, run, round)), await roundResults(store, record, round)]
    const decided = await getJson(store, keys.stopDecision(round), stopDecisionSchema)
    // Before the decision: where that says that the search goes on, the front is there. And of all half-steps that have results: a second,
    // slow call for an earlier one leaves nothing out.
    if (decided === undefined || decided.enough)
      await store.put(
        keys.front,
        jsonBytes(frontOf(record, await allResults(store, record), await readTask(store, record))),
      )
    const { enough, reason } = decided ?? (await decide(store, record, round, results))
    return { run, round: round + 1, enough, reason }
  },
)

async function decide(
  store: ObjectStore,
  record: TopformerRun,
  round: number,
  results: readonly RoundResults[],
): Promise<StopDecision> {
  const { run, config } = record
  const keys = topformerKeys(run)
  const evaluated = results.flatMap(({ searches }) => searches.flat())
  const scores = evaluated.filter(isScored).map(({ score }) => score)
  const failure = evaluated.find((each) => !isScored(each)) as { readonly reason: string } | undefined
  const ledger = (await readLedger(store, run)).filter(({ job }) => job !== 'train')
  await keepClosed(store, run, ledger)
  // What came after this decision does not enter it: taken again, it is the same.
  const goesOn = (await store.get(keys.round(round + 1))) !== undefined
  const reason =
    (goesOn ? undefined : usedUp(record, ledger)) ??
    (scores.length === 0 ? `every evaluation failed, the first: ${failure?.reason}` : undefined) ??
    (round + 1 === roundsOf(config) ? 'all half-steps are made' : undefined)
  return putJsonOnce(store, keys.stopDecision(round), stopDecisionSchema, {
    enough: reason !== undefined,
    reason: reason ?? 'half-steps remain',
    tried: evaluated.length,
    best: scores.length === 0 ? null : scores.reduce((most, score) => Math.max(most, score)),
  })
}

/** What became of the networks of a half-step whose jobs have all ended; fixed when first asked. */
async function roundResults(store: ObjectStore, { run }: TopformerRun, round: number): Promise<RoundResults> {
  const keys = topformerKeys(run)
  const recorded = await getJson(store, keys.results(round), roundResultsSchema)
  if (recorded !== undefined) return recorded
  const proposed = await requireJson(store, keys.round(round), roundSchema, 'propose the half-step first')
  const trials = proposed.searches.flat().map(({ trial }) => trial)
  const results = await mapObjects(trials, (trial) => finalResult(store, run, trial, topformer.task.result))
  if (round === 0) await checkFirstRound(store, run, trials, results)
  const byTrial = new Map(trials.map((trial, i) => [trial, results[i]!]))
  const searches = proposed.searches.map((candidates) =>
    candidates.map((each): Evaluated => evaluatedAs(each, byTrial.get(each.trial)!)),
  )
  return putJsonOnce(store, keys.results(round), roundResultsSchema, { searches })
}
