import { describe, expect, it } from 'vitest'
import { aggregate } from '../../functions/dpc/aggregate.ts'
import { checkDue } from '../../functions/dpc/check-due.ts'
import { correlate } from '../../functions/dpc/correlate.ts'
import { decode } from '../../functions/dpc/decode.ts'
import { pickTop } from '../../functions/dpc/pick-top.ts'
import { prepare } from '../../functions/dpc/prepare.ts'
import { propose } from '../../functions/dpc/propose.ts'
import { finalize } from '../../functions/finalize.ts'
import { pipelines } from '../../functions/index.ts'
import type { LambdaFunction } from '../../functions/lambda-function.ts'
import { recordFailure } from '../../functions/record-failure.ts'
import { candidatesSchema } from '../../nas/pipelines/dpc/comparison.ts'
import { dpcKeys } from '../../nas/pipelines/dpc/keys.ts'
import { storeLayout } from '../../nas/pipelines/layout.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { prefixesOf } from '../../nas/runs/store-layout.ts'
import { requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { functions } from '../../pipelines/dpc/functions.ts'
import type { Access, Keys } from '../../pipelines/pipeline.ts'
import { sharedFunctions } from '../../pipelines/shared.ts'
import { work } from '../functions/dpc/machine.ts'
import { start } from '../functions/machine.ts'
import { memoryStore } from '../functions/memory-store.ts'
import { aRun } from '../nas/pipelines/dpc/example.ts'

const matches = (key: string, patterns: Keys) =>
  patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(key))

/** A store as a function sees it that has these rights and no others. */
function restricted(store: ObjectStore, { reads, writes, deletes = [] }: Access): ObjectStore {
  const check = (key: string, patterns: Keys, what: string) => {
    if (!matches(key, patterns)) throw new Error(`may not ${what} ${key}`)
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
  const { contenders } = await requireJson(store, dpcKeys('r').rerankCandidates, candidatesSchema, '')
  return contenders.flatMap(({ trials }) => trials.map(({ trial }) => trial))
}

describe('the access of functions', () => {
  it('is enough for a whole run', async () => {
    const store = memoryStore()
    const run = 'r'
    await start(store, aRun(run, 'budget.trials=6', 'search.perRound=4', 'rerank.top=2'))
    const call = <T>(make: LambdaFunction<T>, access: Access, event: object) =>
      make({ store: restricted(store, access) })(event)
    let { round } = await call(prepare, functions.Prepare, { run })
    for (let enough = false; !enough; ) {
      const { manifest } = await call(propose, functions.Propose, { run, round })
      await work(store, manifest)
      ;({ round, enough } = await call(aggregate, functions.Aggregate, { run, round }))
    }
    await call(pickTop, functions.PickTop, { run })
    for (const trial of await trialsOf(store))
      await store.put(runKeys(run).start(trial, 'job', 1), new Uint8Array())
    const { edition, manifest } = await call(pickTop, functions.PickTop, { run })
    await work(store, manifest)
    const { winner } = await call(correlate, functions.Correlate, { run, edition })
    await call(recordFailure, sharedFunctions.RecordFailure, { run, trials: [winner], cause: 'late' })
    await call(decode, functions.Decode, { run })
    expect(await call(finalize, sharedFunctions.Finalize, { run })).toMatchObject({
      report: 'runs/r/report.html',
    })
    expect(await call(checkDue, functions.CheckDue, { run, usd: 5 })).toMatchObject({ due: true })
  })

  it('refuses what is beyond it', () => {
    const [prepares, records] = [functions.Prepare, sharedFunctions.RecordFailure]
    expect(() => restricted(memoryStore(), prepares).put('runs/r/config.json', new Uint8Array())).toThrow(
      'may not write',
    )
    expect(() => restricted(memoryStore(), records).get('trials/t/result.json')).toThrow('may not read')
  })
})

const ofAll: readonly (readonly [string, Access])[] = [
  ...Object.entries(sharedFunctions),
  ...pipelines
    .all()
    .flatMap(([pipeline, { definition }]) =>
      Object.entries({ ...definition.functions, ...definition.jobs }).map(
        ([name, access]) => [`${pipeline}/${name}`, access] as const,
      ),
    ),
]

describe.each(ofAll)('the access of %s', (_, { reads, writes, deletes = [] }) => {
  const patterns = [...reads, ...writes, ...deletes]

  it('is to keys of the store as it is laid out, never to all of it', () => {
    const prefixes = prefixesOf(storeLayout()).map((prefix) => `${prefix}/`)
    for (const pattern of patterns)
      expect(prefixes, pattern).toContainEqual(pattern.slice(0, pattern.indexOf('/') + 1))
  })

  it('is said once, and what is written or deleted may be read', () => {
    for (const list of [reads, writes, deletes]) expect(new Set(list).size).toBe(list.length)
    for (const pattern of [...writes, ...deletes]) expect(matches(pattern, reads), pattern).toBe(true)
  })
})
