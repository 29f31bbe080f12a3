import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import { proxySpec } from '../../nas/pipelines/dpc/specs.ts'
import { EXIT } from '../../nas/runs/job.ts'
import { runKeys, trialKeys } from '../../nas/runs/keys.ts'
import { ledgerEntrySchema } from '../../nas/runs/ledger.ts'
import { getResult } from '../../nas/runs/result.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { folderStore } from '../../nas/store/folder.ts'
import { getJson } from '../../nas/store/json.ts'
import { openStore } from '../../nas/store/open.ts'
import { decodeSafetensors } from '../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { listed, text } from '../nas/store/contract.ts'
import { cell, recordRun, runJob, startJob } from './job.ts'

/** Each test starts several processes; where many tests run at once that takes a while. */
const run = 'r'
let folder: string
let record: DpcRun
/** A trial, and the result that its job came to undisturbed. */
let trial: string
let undisturbed: string

/** A store in which everything is ready for trials. */
let stores = 0
async function readyStore(): Promise<ObjectStore> {
  const copy = join(folder, `copy-${stores++}`)
  await cp(join(folder, 'ready'), copy, { recursive: true })
  return folderStore(copy)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trellis-jobs-'))
  const ready = folderStore(join(folder, 'ready'))
  record = await recordRun(ready, run)
  trial = await putSpec(ready, proxySpec(record, cell({ kind: 'conv1x1' }, { kind: 'atrous', rate: [1, 6] })))
  for (const job of ['pretrain', 'features'] as const)
    expect(await runJob({ job, run, store: ready })).toEqual({ exitCode: EXIT.done, stderr: '' })
  const store = await readyStore()
  expect(await runJob({ job: 'proxy-task', run, store, trials: [trial] })).toMatchObject({ exitCode: 0 })
  expect(await getResult(store, trial)).toMatchObject({ status: 'succeeded' })
  undisturbed = text(await store.get(trialKeys(trial).result))!
})
afterAll(() => rm(folder, { recursive: true }))

const ledgerEntry = (store: ObjectStore, jobId: string, attempt: number) =>
  getJson(store, runKeys(run).ledgerEntry(jobId, attempt), ledgerEntrySchema)

describe('a trial', () => {
  it('comes to the same result after SIGTERM, from the checkpoint that was left', async () => {
    const store = await readyStore()
    const shard = { job: 'proxy-task', run, store, trials: [trial] } as const
    const first = startJob(shard)
    await first.atStep(5)
    first.child.kill('SIGTERM')
    expect(await first.ended).toEqual({ exitCode: EXIT.retry, stderr: '' })
    expect(await ledgerEntry(store, 'proxy-task', 1)).toMatchObject({ outcome: 'interrupted' })
    const { metadata } = decodeSafetensors((await store.get(trialKeys(trial).checkpoint))!, 'checkpoint')
    expect(Number(metadata.step)).toBeGreaterThanOrEqual(5)
    expect(Number(metadata.step)).toBeLessThan(record.config.proxy.steps)

    expect(await runJob({ ...shard, attempt: 2 })).toMatchObject({ exitCode: EXIT.done })
    expect(text(await store.get(trialKeys(trial).result))).toBe(undisturbed)
    expect(await store.get(trialKeys(trial).checkpoint)).toBeUndefined()
    expect(await ledgerEntry(store, 'proxy-task', 2)).toMatchObject({ outcome: 'succeeded' })
  })

  it('has one result, and the same, when two attempts run at once', async () => {
    const store = await readyStore()
    const duplicates = ['a', 'b'].map((jobId) =>
      startJob({ job: 'proxy-task', run, store, trials: [trial], jobId }),
    )
    onTestFinished(() => {
      for (const { child } of duplicates) child.kill('SIGKILL')
    })
    // Each waits in its training until the other is there as well.
    await Promise.all(
      duplicates.map(async ({ child, atStep }) => {
        await atStep(5)
        child.kill('SIGSTOP')
      }),
    )
    for (const { child } of duplicates) child.kill('SIGCONT')
    const done = { exitCode: EXIT.done, stderr: '' }
    expect(await Promise.all(duplicates.map(({ ended }) => ended))).toEqual([done, done])
    const keys = trialKeys(trial)
    expect(text(await store.get(keys.result))).toBe(undisturbed)
    expect(await listed(store, `trials/${trial}/`)).toEqual([keys.result, keys.spec])
  })

  it('that diverges is recorded as failed and takes no other of its shard with it', async () => {
    const store = await readyStore()
    const { optimiser, ...spec } = proxySpec(record, cell({ kind: 'conv1x1' }, { kind: 'conv1x1' }))
    const diverging = await putSpec(store, { ...spec, optimiser: { ...optimiser, learningRate: 1e30 } })
    const trials = [diverging, trial]
    expect(await runJob({ job: 'proxy-task', run, store, trials })).toMatchObject({ exitCode: EXIT.done })
    expect(await getResult(store, diverging)).toEqual({
      status: 'failed',
      reason: expect.stringMatching(/^the loss was (NaN|Infinity) at step \d+$/),
    })
    expect(text(await store.get(trialKeys(trial).result))).toBe(undisturbed)
  })

  it('that was killed three times without progress, and then where other work survives, is recorded as failed', async () => {
    const store = await readyStore()
    const shard = { job: 'proxy-task', run, store, trials: [trial] } as const
    for (const attempt of [1, 2, 3, 4]) {
      const { child, ended, atStep } = startJob({ ...shard, attempt })
      await atStep(1)
      child.kill('SIGKILL')
      expect(await ended).toMatchObject({ exitCode: null })
      expect(await getResult(store, trial)).toBeUndefined()
      expect(await ledgerEntry(store, 'proxy-task', attempt)).toMatchObject({ outcome: 'running' })
    }
    expect(await runJob({ ...shard, attempt: 5 })).toMatchObject({ exitCode: EXIT.done })
    expect(await getResult(store, trial)).toEqual({
      status: 'failed',
      reason: expect.stringMatching(/^killed its job 3 times without progress/),
    })
  })
})

describe('a job', () => {
  it('asks to be started again when its store fails', async () => {
    const environment = { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1', AWS_REGION: 'us-east-1' }
    const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
    const ended = await runJob({
      job: 'features',
      run,
      store: openStore('s3://bucket'),
      environment: { ...environment, ...credentials },
    })
    expect(ended).toEqual({
      exitCode: EXIT.retry,
      stderr: expect.stringMatching(/cannot read s3:\/\/bucket\/runs\/r\/config.json: .*ECONNREFUSED.*\n$/),
    })
  })

  it.each([
    [
      'a run that is not there',
      { run: 'other' },
      /^.*runs\/other\/config.json does not exist \(start .*\)\n$/,
    ],
    ['a trial of another kind', { job: 'train' }, /^trial \w+ is none of a train job .*\n$/],
    ['a kind of job that the pipeline lacks', { job: 'bake' }, /^dpc has no bake jobs .*\n$/],
    ['one that any object has', { job: 'constructor' }, /^dpc has no constructor jobs .*\n$/],
    [
      'an environment that is not of a job',
      { attempt: 0 },
      /^not the environment of a job: AWS_BATCH_JOB_.*\n$/,
    ],
  ] as const)('says in one line that %s is a permanent failure', async (_, change, line) => {
    const store = folderStore(join(folder, 'ready'))
    const ended = await runJob({ job: 'proxy-task', run, store, trials: [trial], ...change })
    expect(ended).toEqual({ exitCode: EXIT.permanentFailure, stderr: expect.stringMatching(line) })
  })
})
