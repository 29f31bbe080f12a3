import { describe, expect, it } from 'vitest'
import { functions } from '../../functions/index.ts'
import { FUNCTION_ACCESS, PREFIXES } from '../../infra/access.ts'
import { choiceSchema } from '../../nas/pipelines/dpc/rerank.ts'
import { runKeys, trialKeys } from '../../nas/runs/keys.ts'
import { requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { FunctionName } from '../../pipelines/names.ts'
import { start, work } from '../functions/dpc/machine.ts'
import { memoryStore } from '../functions/memory-store.ts'
import { aRun } from '../nas/pipelines/dpc/example.ts'

const matches = (key: string, prefixes: readonly (keyof typeof PREFIXES)[]) =>
  prefixes.some((prefix) => key.startsWith(PREFIXES[prefix].replace(/\*$/, '')))

/** A store as a function sees it that has these rights and no others. */
function restricted(store: ObjectStore, name: FunctionName): ObjectStore {
  const { reads, writes, deletes = [] } = FUNCTION_ACCESS[name]
  const check = (key: string, prefixes: readonly (keyof typeof PREFIXES)[], what: string) => {
    if (!matches(key, prefixes)) throw new Error(`${name} may not ${what} ${key}`)
  }
  return {
    location: store.location,
    list: (prefix) => store.list(prefix),
    get: (key) => {
      check(key, reads, 'read')
      return store.get(key)
    },
    put: (key, bytes) => {
      check(key, writes, 'write')
      return store.put(key, bytes)
    },
    putIfAbsent: (key, bytes) => {
      check(key, writes, 'write')
      return store.putIfAbsent(key, bytes)
    },
    delete: (key) => {
      check(key, deletes, 'delete')
      return store.delete(key)
    },
  }
}

async function trialsOf(store: ObjectStore): Promise<readonly string[]> {
  const { contenders } = await requireJson(store, runKeys('r').rerankCandidates, choiceSchema, '')
  return contenders.flatMap(({ trials }) => trials.map(({ trial }) => trial))
}

describe('the access of functions', () => {
  it('is enough for a whole run', async () => {
    const store = memoryStore()
    const run = 'r'
    await start(store, aRun(run, 'budget.trials=6', 'search.perRound=4', 'rerank.top=2'))
    const call = <N extends FunctionName>(name: N) => functions({ store: restricted(store, name) })[name]
    let { round } = await call('Prepare')({ run })
    for (let enough = false; !enough; ) {
      const { manifest } = await call('Propose')({ run, round })
      await work(store, manifest)
      ;({ round, enough } = await call('Aggregate')({ run, round }))
    }
    await call('PickTop')({ run })
    for (const trial of await trialsOf(store))
      await store.put(trialKeys(trial).start('job', 1), new Uint8Array())
    const { edition, manifest } = await call('PickTop')({ run })
    await work(store, manifest)
    const { winner } = await call('Correlate')({ run, edition })
    await call('RecordFailure')({ run, trials: [winner], cause: 'late' })
    await call('Decode')({ run })
    expect(await call('Settle')({ run })).toMatchObject({ report: 'runs/r/report.html' })
    expect(await call('Review')({ run, usd: 5 })).toMatchObject({ due: true })
  })

  it('refuses what is beyond it', () => {
    expect(() => restricted(memoryStore(), 'Prepare').put('runs/r/config.json', new Uint8Array())).toThrow(
      'may not write',
    )
    expect(() => restricted(memoryStore(), 'RecordFailure').get('runs/r/config.json')).toThrow('may not read')
  })
})
