import { describe, expect, it } from 'vitest'
import { findings } from '../../../functions/dpc/findings.ts'
import { historyBefore } from '../../../nas/pipelines/dpc/history.ts'
import { dpcKeys } from '../../../nas/pipelines/dpc/keys.ts'
import {
  inOrderOfProposal,
  leaderboardOf,
  leaderboardSchema,
  readLeaderboard,
} from '../../../nas/pipelines/dpc/leaderboard.ts'
import { dpcProgress } from '../../../nas/pipelines/dpc/progress.ts'
import { putLedgerEntry } from '../../../nas/runs/ledger.ts'
import { jsonBytes, requireJson } from '../../../nas/store/json.ts'
import { aRun } from '../../nas/pipelines/dpc/example.ts'
import { start } from '../machine.ts'
import { type MemoryStore, memoryStore } from '../memory-store.ts'
import { servicesOf, work } from './machine.ts'

const STRATEGIES = ['{kind: random}', '{kind: local}', '{kind: evolution, population: 4, tournament: 2}']
const keys = dpcKeys('r')
const runWith = (strategy: string) =>
  aRun('r', `search.strategy=${strategy}`, 'budget.trials=44', 'search.perRound=4', 'search.trialsPerJob=2')

/** A search whose rounds each begin after something was done to the store. */
async function search(strategy: string, between: (store: MemoryStore, round: number) => unknown) {
  const store = memoryStore()
  await start(store, runWith(strategy))
  const call = servicesOf(store)
  for (let round = 0, enough = false; !enough; round++) {
    await between(store, round)
    const { manifest } = await call.Propose({ run: 'r', round })
    await work(store, manifest)
    await between(store, round)
    await putLedgerEntry(store, 'r', entry(round))
    ;({ enough } = await call.Aggregate({ run: 'r', round }))
  }
  return store
}

const entry = (round: number) => ({
  ...({ job: 'proxy-task', jobId: `j${round}`, attempt: 1, trials: 4, card: 't4', basis: 'spot' } as const),
  ...{ usdPerHour: 0.5, startedAt: 1000 * round, seenAt: 1000 * round + 700, outcome: 'succeeded' as const },
})

const found = (store: MemoryStore) =>
  Object.fromEntries(
    [...store.objects].filter(([key]) => key.startsWith('runs/r/') && key !== keys.history).sort(),
  )

describe.each(STRATEGIES)('a search with %s', (strategy) => {
  const whole = search(strategy, () => {})

  it('is the same where the history is lost again and again, as that of an earlier version was never there', async () => {
    const store = await search(strategy, (store) => store.objects.delete(keys.history))
    expect(found(store)).toEqual(found(await whole))
  })

  it('is the same where the leaderboard is lost', async () => {
    const store = await search(strategy, (store) => store.objects.delete(keys.leaderboard))
    expect(found(store)).toEqual(found(await whole))
  })

  it('goes on from what an earlier version wrote of its first rounds', async () => {
    const store = await search(strategy, async (store, round) => {
      if (round > 5) return
      store.objects.delete(keys.history)
      const leaderboard = await readLeaderboard(store, 'r')
      if (leaderboard !== undefined) await store.put(keys.leaderboard, jsonBytes(leaderboard))
    })
    expect(found(store)).toEqual(found(await whole))
  })

  it('ends with a leaderboard of all trials', async () => {
    const store = await whole
    const { rounds, ranked, failed } = await requireJson(store, keys.leaderboard, leaderboardSchema, '')
    expect([rounds, ranked.length + failed.length]).toEqual([11, 44])
  })
})

it('tells of all trials that have results, though the leaderboard is not written in every round', async () => {
  let written = 0
  await search('{kind: local}', async (store, round) => {
    if (store.objects.has(keys.stopDecision(round)) || round === 0) return
    const leaderboard = (await readLeaderboard(store, 'r'))!
    const tried = inOrderOfProposal(leaderboard)
    expect(tried.map(({ number }) => number)).toEqual([...Array(4 * round).keys()])
    expect(leaderboard).toEqual(leaderboardOf(round, tried))
    const { ranked, failed } = leaderboard
    expect(await dpcProgress(store, 'r')).toEqual({
      completed: 4 * round,
      failed: failed.length,
      best: ranked[0]?.score ?? null,
    })
    expect((await findings(store, 'r')).trials.tried).toBe(4 * round)
    const { rounds } = await requireJson(store, keys.leaderboard, leaderboardSchema, '')
    if (rounds === round) written++
  })
  // When 4, 8, 16 and 32 trials had been tried; each round is looked at twice.
  expect(written).toBe(2 * 4)
})

it('reads nothing of the rounds before, however many there were', async () => {
  const record = runWith('{kind: local}')
  const store = await search('{kind: local}', () => {})
  const again = memoryStore()
  for (const [key, bytes] of store.objects) again.objects.set(key, bytes)
  const round = 9
  for (const key of [keys.stopDecision(round), keys.results(round), keys.round(round)])
    again.objects.delete(key)
  const history = await historyBefore(again, record, round)
  again.objects.set(keys.history, jsonBytes(history))
  again.asked.length = 0
  const { manifest } = await servicesOf(again).Propose({ run: 'r', round })
  await work(again, manifest)
  await servicesOf(again).Aggregate({ run: 'r', round })
  const earlier = Array.from({ length: round }, (_, n) => [
    keys.round(n),
    keys.results(n),
    keys.stopDecision(n),
  ])
  for (const key of [...earlier.flat(), keys.leaderboard]) expect(again.asked).not.toContain(key)
})
