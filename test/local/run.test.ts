import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Handlers } from '../../functions/handlers.ts'
import { type RunOptions, runMachine } from '../../local/run.ts'
import { TrellisError } from '../../nas/errors.ts'
import { folderStore } from '../../nas/store/folder.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { dpc } from '../../pipelines/dpc/index.ts'
import type { Pipeline } from '../../pipelines/pipeline.ts'
import { HANG_MS } from '../hang.ts'

let folder: string
let store: ObjectStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-run-'))
  store = folderStore(folder)
})
afterEach(() => rmSync(folder, { recursive: true }))

const has = async (key: string) => (await store.get(key)) !== undefined
const keys = async (prefix: string) => {
  const all: string[] = []
  for await (const key of store.list(prefix)) all.push(key)
  return all
}

/** Functions of a search of one round over these trials, a shard each, which record what they were asked. */
function stand(trials: readonly string[], overrides: Handlers = {}) {
  const calls: [string, unknown][] = []
  const manifest = async (key: string) => {
    const lines = trials.map((trial) => `${JSON.stringify({ trials: [trial] })}\n`)
    await store.put(key, new TextEncoder().encode(lines.join('')))
    return { run: 'r', round: 0, manifest: key, pending: trials.length }
  }
  const answers: Handlers = {
    Prepare: async () => ({ run: 'r', pretrain: true, cacheFeatures: true, round: 0 }),
    Propose: () => manifest('runs/r/rounds/0000.jsonl'),
    RecordFailure: async () => ({ cause: 'noted' }),
    Aggregate: async () => ({ run: 'r', round: 1, enough: true, reason: '', tried: 1, best: 1 }),
    PickTop: async () => ({ ...(await manifest('runs/r/rerank/e/shards.jsonl')), edition: 'e' }),
    Correlate: async () => ({ run: 'r', edition: 'e', winner: 'a' }),
    Decode: async () => ({ run: 'r', decoded: 'd' }),
    Finalize: async () => ({ run: 'r', summary: 's', report: 'p' }),
    CheckDue: async () => ({ run: 'r', due: true, survey: true, reason: '' }),
    ...overrides,
  }
  const recorded = Object.entries(answers).map(([name, answer]) => [
    name,
    (event: unknown) => {
      calls.push([name, event])
      return answer(event)
    },
  ])
  return {
    handlers: Object.fromEntries(recorded) as Handlers,
    calls,
    names: () => calls.map(([name]) => name),
  }
}

const run = (handlers: Handlers, more: Partial<RunOptions<Pipeline>> = {}) =>
  runMachine({
    pipeline: dpc as Pipeline,
    start: 'Search',
    handlers,
    store,
    run: 'r',
    bundle: fileURLToPath(new URL('job.mjs', import.meta.url)),
    slots: 2,
    ...more,
  })

test('a pipeline runs from start to end: functions here, jobs in processes of their own, the folder for S3', async () => {
  const { handlers, names } = stand(['a', 'dies-once'])
  const onProgress = vi.fn()
  expect(await run(handlers, { onProgress })).toEqual({
    status: 'succeeded',
    output: { run: 'r', summary: 's', report: 'p' },
  })
  expect(await keys('made/')).toEqual(['made/features', 'made/pretrain'])
  expect(await keys('trials/')).toEqual([
    'trials/a/proxy-task.txt',
    'trials/a/train.txt',
    'trials/dies-once/proxy-task.txt',
    'trials/dies-once/train.txt',
  ])
  expect(names()).toEqual([
    ...['Prepare', 'Propose', 'Aggregate', 'PickTop', 'Correlate', 'Decode', 'Finalize'],
  ])
  expect(onProgress).toHaveBeenCalledWith(expect.objectContaining({ trial: 'a', loss: 0.5 }))
})

test('the events of both machines are told, each with its machine', async () => {
  const { handlers } = stand(['a'])
  const entered: string[] = []
  await run(handlers, {
    onEvent: ({ type, machine, state, path }) => {
      if (path === '' && type.endsWith('StateEntered')) entered.push(`${machine} ${state}`)
    },
  })
  expect(entered).toContain('Search TrainRound')
  expect(entered.filter((line) => line.startsWith('Rerank'))).toEqual([
    'Rerank Start',
    'Rerank PickTop',
    'Rerank HasCandidates',
    'Rerank TrainCandidates',
    'Rerank Correlate',
  ])
})

test('a job that fails permanently fails the run, and is noted with the last line that it wrote', async () => {
  const { handlers, calls } = stand(['impossible'])
  await expect(run(handlers)).rejects.toThrow(/no such trial$/)
  expect(calls).toContainEqual([
    'RecordFailure',
    { run: 'r', trials: ['impossible'], cause: 'no such trial' },
  ])
})

test('a function that fails fails the run, in its own words and with its fix', async () => {
  const { handlers, names, calls } = stand(['a'], {
    Prepare: async () => {
      throw new TrellisError('not-found', 'no "weights" there', { fix: 'copy them' })
    },
  })
  await expect(run(handlers)).rejects.toMatchObject({
    code: 'job-failed',
    message: 'run r failed: no "weights" there; copy them',
    fix: expect.stringContaining('resume'),
  })
  expect(names()).toEqual(['Prepare', 'Finalize'])
  expect(calls.at(-1)![1]).toEqual({ run: 'r', error: 'no "weights" there; copy them' })
})

test('an interruption lets jobs leave checkpoints, settles nothing, and the run can be resumed', async () => {
  const stop = new AbortController()
  const first = stand(['waits', 'a'])
  const running = run(first.handlers, { signal: stop.signal })
  await vi.waitFor(async () => expect(await has('waiting')).toBe(true), { timeout: HANG_MS })
  stop.abort()
  expect(await running).toEqual({ status: 'interrupted' })
  expect(await has('trials/waits/checkpoint')).toBe(true)
  expect(first.names()).toEqual(['Prepare', 'Propose'])

  await store.put('go', new Uint8Array())
  const second = stand(['waits', 'a'])
  expect(await run(second.handlers)).toMatchObject({ status: 'succeeded' })
  expect(await has('trials/waits/train.txt')).toBe(true)
})

test('a name that nothing here has is refused before anything starts', async () => {
  const { handlers, names } = stand([])
  const pipeline: Pipeline = JSON.parse(JSON.stringify(dpc).replace('{Features}', '{Feature}'))
  await expect(run(handlers, { pipeline })).rejects.toMatchObject({
    code: 'invalid-pipeline',
    message: expect.stringContaining('{Feature}'),
  })
  expect(names()).toEqual([])
})
