import { describe, expect, it } from 'vitest'
import { rerankSchema } from '../../../nas/pipelines/dpc/comparison.ts'
import { dpcKeys } from '../../../nas/pipelines/dpc/keys.ts'
import { dropResults, incompleteTrials } from '../../../nas/pipelines/verify.ts'
import { trialKeys } from '../../../nas/runs/keys.ts'
import type { RunRecord } from '../../../nas/runs/record.ts'
import { requireJson } from '../../../nas/store/json.ts'
import { encodeSafetensors } from '../../../nas/store/safetensors.ts'
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

  it('trains again what has lost its weights, and not what another run has trained since', async () => {
    const store = memoryStore()
    const again = { ...local, run: 'again' }
    const train = async (record: RunRecord) => {
      await start(store, record)
      await runMachine(store, record.run)
      for (const key of [...store.objects.keys()].filter((key) => key.endsWith('/model.onnx')))
        await store.put(key.replace('model.onnx', 'weights.safetensors'), encodeSafetensors({}))
    }
    for (const record of [local, again]) await train(record)
    const whole = contents(store)
    const { winner } = await requireJson(store, dpcKeys('r').rerank, rerankSchema, '')
    const { weights, result } = trialKeys(winner.trial)
    store.objects.delete(weights)
    for (const record of [local, again]) expect(await incompleteTrials(store, record)).toEqual([winner.trial])

    await dropResults(store, await incompleteTrials(store, local))
    expect(store.objects.has(result)).toBe(false)
    await train(local)
    await dropResults(store, await incompleteTrials(store, again))
    expect(contents(store)).toEqual(whole)
  })

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
