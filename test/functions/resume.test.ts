import { describe, expect, it } from 'vitest'
import { simulatedPipelines } from '../../local/simulator/pipelines/index.ts'
import { recordOf } from '../../local/simulator/scenario.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import { random } from '../../nas/random.ts'
import { start } from './machine.ts'
import { type MemoryStore, memoryStore } from './memory-store.ts'
import { executeSearch } from './whole-run.ts'

describe.each(contracts.all().map(([name]) => name))('a run of %s', (name) => {
  const { settings, isResult } = simulatedPipelines.of(name)
  const record = recordOf({ ...settings(random(1, 'resumed')), seed: 1 })
  /** All but what tells of interruptions: manifests of what was still to do, starts, the ledger. */
  const contents = ({ objects }: MemoryStore) =>
    Object.fromEntries(
      [...objects]
        .filter(([key]) => isResult(key, record.run) || /^trials\/[^/]+\/(spec|result)\.json$/.test(key))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, bytes]) => [key, new TextDecoder().decode(bytes)]),
    )
  const begun = async () => {
    const store = memoryStore()
    await start(store, record)
    return store
  }
  const unbroken = async () => {
    const store = await begun()
    await executeSearch(store, record)
    return contents(store)
  }
  /** False where the run died on the way. */
  const finishes = (store: MemoryStore) =>
    executeSearch(store, record).then(
      () => true,
      () => false,
    )

  it('interrupted at any one write, then resumed, is the same run', async () => {
    const expected = await unbroken()
    let interruptions = 0
    for (; ; interruptions++) {
      const store = await begun()
      store.dieAfter(interruptions)
      if (await finishes(store)) break
      store.dieAfter(Number.POSITIVE_INFINITY)
      await executeSearch(store, record)
      expect(contents(store)).toEqual(expected)
    }
    expect(interruptions).toBeGreaterThan(Object.keys(expected).length)
  })

  it('interrupted again and again is the same run', async () => {
    const store = await begun()
    let writes = 4
    do store.dieAfter(writes++)
    while (!(await finishes(store)))
    expect(writes).toBeGreaterThan(6)
    expect(contents(store)).toEqual(await unbroken())
  })
})
