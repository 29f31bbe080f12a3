import { describe, expect, it } from 'vitest'
import { runKeys } from '../../nas/runs/keys.ts'
import { aRun } from '../nas/runs/example.ts'
import { runMachine, start } from './machine.ts'
import { type MemoryStore, memoryStore } from './memory-store.ts'

const recordFor = (strategy: string) =>
  aRun(
    'r',
    `search.strategy.kind=${strategy}`,
    'budget.trials=14',
    'search.perRound=5',
    'search.trialsPerJob=2',
  )

const contents = (store: MemoryStore) =>
  Object.fromEntries(
    [...store.objects]
      // A manifest lists what was left to do when it was last written, which depends on the interruption.
      .filter(([key]) => !key.endsWith('.jsonl'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, bytes]) => [key, new TextDecoder().decode(bytes)]),
  )

describe('a run', () => {
  it.each(strategies)(
    'with %s search, interrupted at any write and resumed, is the same run',
    async (strategy) => {
      const record = recordFor(strategy)
      const unbroken = memoryStore()
      await start(unbroken, record)
      await runMachine(unbroken, 'r')
      const expected = contents(unbroken)
      expect(expected[runKeys('r').summary]).toBeDefined()

      let interruptions = 0
      for (let writes = 0; ; writes++) {
        const store = memoryStore()
        await start(store, record)
        store.dieAfter(writes)
        const finished = await runMachine(store, 'r').then(
          () => true,
          () => false,
        )
        if (finished) break
        interruptions++
        store.dieAfter(Number.POSITIVE_INFINITY)
        await runMachine(store, 'r')
        expect(contents(store)).toEqual(expected)
      }
      // Each object but the config was once the one whose write failed.
      expect(interruptions).toBeGreaterThanOrEqual(unbroken.objects.size - 1)
    },
  )

  it.each(['random', 'local', 'evolution'])(
    'with %s search, interrupted again and again, is the same run',
    async (strategy) => {
      const record = recordFor(strategy)
      const unbroken = memoryStore()
      await start(unbroken, record)
      await runMachine(unbroken, 'r')
      const store = memoryStore()
      await start(store, record)
      for (let attempt = 0, finished = false; !finished; attempt++) {
        store.dieAfter(8 + attempt)
        finished = await runMachine(store, 'r').then(
          () => true,
          () => false,
        )
      }
      expect(contents(store)).toEqual(contents(unbroken))
    },
  )

  it('finds the trials of an earlier one and does none of them again', async () => {
    const store = memoryStore()
    await start(store, recordFor('local'))
    await runMachine(store, 'r')
    await start(store, { ...recordFor('local'), run: 'again' })
    let trained = 0
    await runMachine(store, 'again', (spec) => {
      trained++
      throw new Error(`trained again: ${spec.kind}`)
    })
    expect(trained).toBe(0)
    const [first, again] = ['r', 'again'].map((run) => store.objects.get(runKeys(run).leaderboard))
    expect(again).toEqual(first)
  })
})
