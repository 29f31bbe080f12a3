import { z } from 'zod'
import { MOST_ROUNDS } from '../../nas/pipelines/dpc/config.ts'
import { historyBefore, historyWith } from '../../nas/pipelines/dpc/history.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { dpcKeys } from '../../nas/pipelines/dpc/keys.ts'
import {
  leaderboardSchema,
  readLeaderboard,
  roundResultsSchema,
  type Tried,
} from '../../nas/pipelines/dpc/leaderboard.ts'
import { roundSchema } from '../../nas/pipelines/dpc/round.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { exhausted } from '../../nas/runs/budget.ts'
import { keepClosed, type LedgerEntry, readLedger } from '../../nas/runs/ledger.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { type StopDecision, stopDecisionSchema } from '../../nas/runs/stop-decision.ts'
import { countLedger } from '../../nas/runs/tally.ts'
import { getJson, getSound, jsonBytes, putJsonOnce, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { onlyClassOf } from '../../nas/tasks/result.ts'
import { checkFirstRound } from '../first-round.ts'
import { lambdaFunction, roundEvent, type Services } from '../lambda-function.ts'

/** Ranks all candidates tried so far and decides, once, whether the search goes on. */
export const aggregate = lambdaFunction(
  'Aggregate',
  z.object(roundEvent),
  async ({ run, round }, services) => {
    // The stop decision is written last: where it is, the rest is done, unless some of it has been lost since.
    const decided = await getJson(services.store, dpcKeys(run).stopDecision(round), stopDecisionSchema)
    const isDone = decided !== undefined && (await hasRanked(services.store, run, round, decided))
    return { run, round: round + 1, ...(isDone ? decided : await conclude(run, round, services)) }
  },
)

/** Whether the results of a round are there, and after the last one the leaderboard. */
async function hasRanked(
  store: ObjectStore,
  run: string,
  round: number,
  { enough }: StopDecision,
): Promise<boolean> {
  const keys = dpcKeys(run)
  if ((await store.get(keys.results(round))) === undefined) return false
  return !enough || (await getSound(store, keys.leaderboard, leaderboardSchema))?.rounds === round + 1
}

/** Kinds of jobs that rank what a search has found. */
const AFTER_THE_SEARCH: readonly string[] = ['train', 'survey'] satisfies (typeof dpc.jobs)[number][]
const isOfSearch = ({ job }: LedgerEntry): boolean => !AFTER_THE_SEARCH.includes(job)

async function conclude(run: string, round: number, { store }: Services): Promise<StopDecision> {
  const keys = dpcKeys(run)
  const record = await readRunOf(store, run, dpc)
  const { config } = record
  const before = await historyBefore(store, record, round)
  const results = await roundResults(store, run, round, before.known.length)
  const { tally, spent } = await countLedger(store, run, before.ledger, isOfSearch)
  const history = { ...historyWith(before, round + 1, results, config), ledger: tally }

  const tried = history.known.length
  const { best, failure } = history
  // What came after this decision does not enter it: taken again, it is the same.
  const goesOn = (await store.get(keys.round(round + 1))) !== undefined
  const reason =
    (goesOn ? undefined : exhausted(config.budget, { trials: tried, ...spent }, record.reserved)) ??
    (results.length === 0 ? 'the search space holds no more candidates' : undefined) ??
    (best === null && failure !== null ? `every trial failed, the first: ${failure}` : undefined) ??
    (round + 1 === MOST_ROUNDS ? `a search has at most ${MOST_ROUNDS} rounds` : undefined)
  if (reason !== undefined || hasDoubled(before.known.length, tried)) await sumUp(store, run)
  await store.put(keys.history, jsonBytes(history))
  return putJsonOnce(store, keys.stopDecision(round), stopDecisionSchema, {
    enough: reason !== undefined,
    reason: reason ?? 'within the budget',
    tried,
    best,
  })
}

/** Whether there is a power of two between. */
const hasDoubled = (before: number, after: number): boolean =>
  Math.floor(Math.log2(before)) < Math.floor(Math.log2(after))

/**
 * Writes what is of use to readers of the run and holds all of it: at the end, and until then so seldom that it takes no longer
 * for a trial of a long search. Readers add what has come since.
 */
async function sumUp(store: ObjectStore, run: string): Promise<void> {
  const leaderboard = await readLeaderboard(store, run)
  if (leaderboard !== undefined) await store.put(dpcKeys(run).leaderboard, jsonBytes(leaderboard))
  await keepClosed(store, run, await readLedger(store, run))
}

/** What became of the candidates of a round whose jobs have all ended; fixed when first asked. */
async function roundResults(
  store: ObjectStore,
  run: string,
  round: number,
  first: number,
): Promise<readonly Tried[]> {
  const keys = dpcKeys(run)
  const recorded = await getJson(store, keys.results(round), roundResultsSchema)
  if (recorded !== undefined) return recorded.tried
  const { candidates } = await requireJson(store, keys.round(round), roundSchema, 'propose the round first')
  const results = await mapObjects(candidates, ({ trial }) => finalResult(store, run, trial, dpc.task.result))
  if (round === 0)
    await checkFirstRound(
      store,
      run,
      candidates.map(({ trial }) => trial),
      results,
    )
  const tried = candidates.map(({ trial, genotype }, i): Tried => {
    const result = results[i]!
    const candidate = { number: first + i, trial, genotype }
    if (result.status === 'failed') return { ...candidate, reason: result.reason }
    const { score, parameters, multiplyAdds } = result
    return { ...candidate, score, parameters, multiplyAdds, ...onlyClassOf(result) }
  })
  return (await putJsonOnce(store, keys.results(round), roundResultsSchema, { tried })).tried
}
