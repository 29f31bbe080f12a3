import { describe, expect, it } from 'vitest'
import { dpcKeys } from '../../../nas/pipelines/dpc/keys.ts'
import type { RunRecord } from '../../../nas/runs/record.ts'
import { aRun } from '../../nas/pipelines/dpc/example.ts'
import { start } from '../machine.ts'
import { type MemoryStore, memoryStore } from '../memory-store.ts'
import { runMachine } from './machine.ts'

const searching = (strategy: string, trials: number) =>
  aRun(
    'r',
    `search.strategy=${strategy}`,
    `budget.trials=${trials}`,
    'search.perRound=4',
    'search.trialsPerJob=2',
    'rerank.top=2',
  )
const local = searching('{kind: local}', 6)

const contents = (store: MemoryStore) =>
  Object.fromEntries(
    [...store.objects]
      // A manifest lists what was left to do when it was last written, which depends on the interruption.
      .filter(([key]) => !key.endsWith('.jsonl'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, bytes]) => [key, new TextDecoder().decode(bytes)]),
  )

const unbroken = async (record: RunRecord) => {
  const store = memoryStore()
  await start(store, record)
  await runMachine(store, 'r')
  return contents(store)
}

/** False where the run died on the way. */
const finishes = (store: MemoryStore) =>
  runMachine(store, 'r').then(
    () => true,
    () => false,
  )

describe('a run', () => {
  it.each(['{kind: random}', '{kind: local}', '{kind: evolution, population: 4, tournament: 2}'])(
    'with search %s, interrupted again and again, is the same run',
    async (strategy) => {
      const record = searching(strategy, 14)
      const store = memoryStore()
      await start(store, record)
      let writes = 8
      do store.dieAfter(writes++)
      while (!(await finishes(store)))
      expect(writes).toBeGreaterThan(15)
      expect(contents(store)).toEqual(await unbroken(record))
    },
  )

  it('finds the trials of an earlier one and does none of them again', async () => {
    const store = memoryStore()
    await start(store, local)
    await runMachine(store, 'r')
    await start(store, { ...local, run: 'again' })
    await runMachine(store, 'again', (spec) => {
      throw new Error(`trained again: ${spec.kind}`)
    })
    const [first, again] = ['r', 'again'].map((run) => store.objects.get(dpcKeys(run).leaderboard))
    expect(again).toEqual(first)
  })
})
