import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Functions } from '../../local/lambda.ts'
import { type RunOptions, runMachine } from '../../local/run.ts'
import { TrellisError } from '../../nas/errors.ts'
import { folderStore } from '../../nas/store/folder.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { rerank } from '../../pipelines/dpc/rerank.ts'
import { dpc } from '../../pipelines/dpc/search.ts'

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
function stand(trials: readonly string[], overrides: Partial<Functions> = {}) {
  const calls: [string, unknown][] = []
  const manifest = async (key: string) => {
    const lines = trials.map((trial) => `${JSON.stringify({ trials: [trial] })}\n`)
    await store.put(key, new TextEncoder().encode(lines.join('')))
    return { run: 'r', round: 0, manifest: key, pending: trials.length }
  }
  const answers: Functions = {
    Prepare: async () => ({ run: 'r', pretrain: true, cacheFeatures: true, round: 0 }),
    Propose: () => manifest('runs/r/rounds/0000.jsonl'),
    RecordFailure: async () => ({ recorded: 1 }),
    Aggregate: async () => ({ run: 'r', round: 1, enough: true, reason: '', tried: 1, best: 1 }),
    PickTop: async () => ({ ...(await manifest('runs/r/rerank/e/shards.jsonl')), edition: 'e' }),
    Correlate: async () => ({ run: 'r', edition: 'e', winner: 'a' }),
    Decode: async () => ({ run: 'r', decoded: 'd' }),
    Settle: async () => ({ run: 'r', summary: 's', report: 'p' }),
    PrepareDenseNas: async () => ({ run: 'r', latency: true, trial: 'a', manifest: '', pending: 1 }),
    Derive: () => manifest('runs/r/rivals/shards.jsonl'),
    Compare: async () => ({ run: 'r', winner: 'a' }),
    DecodeDenseNas: async () => ({ run: 'r', decoded: 'd' }),
    Review: async () => ({ run: 'r', due: true, survey: true, reason: '' }),
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
    functions: Object.fromEntries(recorded) as Functions,
    calls,
    names: () => calls.map(([name]) => name),
  }
}

const run = (functions: Functions, more: Partial<RunOptions<'dpc' | 'rerank'>> = {}) =>
  runMachine({
    machines: { dpc, rerank },
    start: 'dpc',
    functions,
    store,
    run: 'r',
    bundle: fileURLToPath(new URL('job.mjs', import.meta.url)),
    slots: 2,
    ...more,
  })

test('a pipeline runs from start to end: functions here, jobs in processes of their own, the folder for S3', async () => {
  const { functions, names } = stand(['a', 'dies-once'])
  const onProgress = vi.fn()
  expect(await run(functions, { onProgress })).toEqual({
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
    ...['Prepare', 'Propose', 'Aggregate', 'PickTop', 'Correlate', 'Decode', 'Settle'],
  ])
  expect(onProgress).toHaveBeenCalledWith(expect.objectContaining({ trial: 'a', loss: 0.5 }))
})

test('the events of both machines are told, each with its machine', async () => {
  const { functions } = stand(['a'])
  const entered: string[] = []
  await run(functions, {
    onEvent: ({ type, machine, state, path }) => {
      if (path === '' && type.endsWith('StateEntered')) entered.push(`${machine} ${state}`)
    },
  })
  expect(entered).toContain('dpc TrainRound')
  expect(entered.filter((line) => line.startsWith('rerank'))).toEqual([
    'rerank Start',
    'rerank PickTop',
    'rerank HasWork',
    'rerank TrainTop',
    'rerank Correlate',
  ])
})

test('a hopeless job is recorded with the last line that it wrote', async () => {
  const { functions, calls } = stand(['hopeless'])
  expect(await run(functions)).toMatchObject({ status: 'succeeded' })
  expect(calls).toContainEqual([
    'RecordFailure',
    { run: 'r', trials: ['hopeless'], cause: 'no such trial (exit code 2)' },
  ])
})

test('a function that fails fails the run, in its own words and with its fix', async () => {
  const { functions, names, calls } = stand(['a'], {
    Prepare: async () => {
      throw new TrellisError('not-found', 'no "weights" there', { fix: 'copy them' })
    },
  })
  await expect(run(functions)).rejects.toMatchObject({
    code: 'job-failed',
    message: 'run r failed: no "weights" there; copy them',
    fix: expect.stringContaining('resume'),
  })
  expect(names()).toEqual(['Prepare', 'Settle'])
  expect(calls.at(-1)![1]).toEqual({ run: 'r', error: 'no "weights" there; copy them' })
})

test('an interruption lets jobs leave checkpoints, settles nothing, and the run can be resumed', async () => {
  const stop = new AbortController()
  const first = stand(['waits', 'a'])
  const running = run(first.functions, { signal: stop.signal })
  await vi.waitFor(async () => expect(await has('waiting')).toBe(true), { timeout: 10_000 })
  stop.abort()
  expect(await running).toEqual({ status: 'interrupted' })
  expect(await has('trials/waits/checkpoint')).toBe(true)
  expect(first.names()).toEqual(['Prepare', 'Propose'])

  await store.put('go', new Uint8Array())
  const second = stand(['waits', 'a'])
  expect(await run(second.functions)).toMatchObject({ status: 'succeeded' })
  expect(await has('trials/waits/train.txt')).toBe(true)
})

test('a name that nothing here has is refused before anything starts', async () => {
  const { functions, names } = stand([])
  const machines = { dpc: JSON.parse(JSON.stringify(dpc).replace('{Features}', '{Feature}')), rerank }
  await expect(run(functions, { machines })).rejects.toMatchObject({
    code: 'invalid-pipeline',
    message: expect.stringContaining('{Feature}'),
  })
  expect(names()).toEqual([])
})
