import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { backboneKey } from '../../nas/pipelines/dpc/backbone.ts'
import { featuresKey } from '../../nas/pipelines/dpc/features.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import { proxySpec, trainSpec } from '../../nas/pipelines/dpc/specs.ts'
import { backboneKeys, featuresKeys } from '../../nas/runs/inputs.ts'
import { EXIT } from '../../nas/runs/job.ts'
import { runKeys, trialKeys } from '../../nas/runs/keys.ts'
import { ledgerEntrySchema } from '../../nas/runs/ledger.ts'
import { rentalPrices } from '../../nas/runs/prices.ts'
import { getOutcome, getResult } from '../../nas/runs/result.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { folderStore } from '../../nas/store/folder.ts'
import { getJson, jsonBytes, parseJson } from '../../nas/store/json.ts'
import { openStore } from '../../nas/store/open.ts'
import { decodeSafetensors } from '../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { bytes, listed, text } from '../nas/store/contract.ts'
import { cell, recordRun, runJob, startJob } from './job.ts'

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

/** Zeros in the middle of an object. */
async function damage(store: ObjectStore, key: string): Promise<void> {
  const damaged = (await store.get(key))!.slice()
  const middle = damaged.length >> 1
  await store.put(key, damaged.fill(0, middle, middle + 2048))
}

const ledgerEntry = (store: ObjectStore, jobId: string, attempt: number) =>
  getJson(store, runKeys(run).ledgerEntry(jobId, attempt), ledgerEntrySchema)

describe('an attempt', () => {
  it('is in the ledger at the price of the environment that Batch says it is in', async () => {
    const store = await readyStore()
    const prices = rentalPrices('t4')
    await store.put(runKeys(run).config, jsonBytes({ ...record, prices }))
    const chargedIn = async (AWS_BATCH_CE_NAME: string, attempt: number) => {
      const environment = { AWS_BATCH_CE_NAME, TRELLIS_SPOT_ENVIRONMENT: 'Batcht4Spot-A1B2c3' }
      await runJob({ job: 'features', run, store, attempt, environment })
      return (await ledgerEntry(store, 'features', attempt))?.usdPerHour
    }
    expect(await chargedIn('Batcht4Spot-A1B2c3', 1)).toBe(prices.spot.usdPerHour)
    expect(await chargedIn('Batcht4OnDemand-D4E5f6', 2)).toBe(prices.onDemand.usdPerHour)
  })
})

describe('a card that cannot be used', () => {
  it('has the job tried again, is in the ledger, and no trial has failed by it', async () => {
    const store = await readyStore()
    const environment = { TRELLIS_DEVICE: 'cuda', CUDA_VISIBLE_DEVICES: '' }
    const shard = { job: 'proxy-task', run, store, trials: [trial], environment } as const
    const ended = await runJob(shard)
    expect(ended).toEqual({
      exitCode: EXIT.retry,
      stderr: expect.stringMatching(/^engine onnxruntime: CUDA cannot be used here: .*$/m),
    })
    expect(await ledgerEntry(store, 'proxy-task', 1)).toMatchObject({ outcome: 'failed' })
    expect(await getOutcome(store, run, trial)).toBeUndefined()
    expect(await listed(store, runKeys(run).starts(trial))).toEqual([])
  })
})

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

  it('whose last update is its ruin has no score', async () => {
    const store = await readyStore()
    const { optimiser, ...spec } = proxySpec(record, cell({ kind: 'conv1x1' }, { kind: 'conv1x1' }))
    const ruined = await putSpec(store, { ...spec, optimiser: { ...optimiser, learningRate: 1e9, steps: 2 } })
    expect(await runJob({ job: 'proxy-task', run, store, trials: [ruined] })).toMatchObject({ exitCode: 0 })
    expect(await getResult(store, ruined)).toEqual({
      status: 'failed',
      reason: expect.stringMatching(/^diverged at step 2: /),
    })
  })

  it('that diverges is recorded as failed and takes no other of its shard with it', async () => {
    const store = await readyStore()
    const { optimiser, ...spec } = proxySpec(record, cell({ kind: 'conv1x1' }, { kind: 'conv1x1' }))
    const diverging = await putSpec(store, { ...spec, optimiser: { ...optimiser, learningRate: 1e30 } })
    const trials = [diverging, trial]
    expect(await runJob({ job: 'proxy-task', run, store, trials })).toMatchObject({ exitCode: EXIT.done })
    expect(await getResult(store, diverging)).toEqual({
      status: 'failed',
      reason: expect.stringMatching(/^diverged at step \d+: the loss was (NaN|Infinity)$/),
    })
    expect(text(await store.get(trialKeys(trial).result))).toBe(undisturbed)
  })

  it('whose checkpoint is damaged begins anew, says so, and comes to the same result', async () => {
    const store = await readyStore()
    const { checkpoint, result } = trialKeys(trial)
    const shard = { job: 'proxy-task', run, store, trials: [trial] } as const
    const first = startJob(shard)
    await first.atStep(5)
    first.child.kill('SIGTERM')
    await first.ended
    await damage(store, checkpoint)
    const { exitCode, stderr } = await runJob({ ...shard, attempt: 2 })
    expect(stderr).toMatch(/checkpoint\.safetensors .*; it is deleted, and its training begins anew\n$/)
    expect(exitCode).toBe(EXIT.done)
    expect(text(await store.get(result))).toBe(undisturbed)
  })

  it('that was killed three times without progress, and then where other work survives, has failed in that run alone', async () => {
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
    expect(await getOutcome(store, run, trial)).toEqual({
      status: 'failed',
      reason: expect.stringMatching(/^killed its job 3 times without progress/),
    })
    await recordRun(store, 'next')
    expect(await runJob({ ...shard, run: 'next' })).toMatchObject({ exitCode: EXIT.done })
    expect(text(await store.get(trialKeys(trial).result))).toBe(undisturbed)
  })
})

describe('features and a backbone', () => {
  const features = () => featuresKeys(featuresKey(record))
  const backbone = () => backboneKeys(backboneKey(record))

  it.each([
    ['damaged', damage, /0000\.safetensors is not a whole safetensors file: .* \(it was deleted\) \(resume/],
    [
      'missing',
      (store: ObjectStore, key: string) => store.delete(key),
      /0000\.safetensors is missing, although its manifest was there \(resume the run: it is made again\)/,
    ],
  ])('that are %s fail no trial, and those alone are made again', async (_, harm, line) => {
    const store = await readyStore()
    const { manifest, shard } = features()
    const before = await Promise.all([0, 1].map((n) => store.get(shard(n))))
    await harm(store, shard(0))
    const ended = await runJob({ job: 'proxy-task', run, store, trials: [trial] })
    expect(ended).toEqual({ exitCode: EXIT.permanentFailure, stderr: expect.stringMatching(line) })
    expect(await getResult(store, trial)).toBeUndefined()
    expect(await listed(store, `features/${featuresKey(record)}/`)).toEqual([shard(1)])

    // What is there is not written again: other bytes stay.
    await store.put(shard(1), bytes('as it was'))
    expect(await runJob({ job: 'features', run, store })).toMatchObject({ exitCode: EXIT.done })
    expect(await store.get(shard(0))).toEqual(before[0])
    expect(text(await store.get(shard(1)))).toBe('as it was')
    await store.put(shard(1), before[1]!)
    expect(await store.get(manifest)).toBeDefined()
    expect(await runJob({ job: 'proxy-task', run, store, trials: [trial] })).toMatchObject({ exitCode: 0 })
    expect(text(await store.get(trialKeys(trial).result))).toBe(undisturbed)
  })

  it('fail no trial in full training either, and the backbone is made again', async () => {
    const store = await readyStore()
    const { weights, manifest } = backbone()
    const before = await store.get(weights)
    const spec = trainSpec(record, record.dataset, cell({ kind: 'conv1x1' }, { kind: 'conv1x1' }), 0)
    const full = await putSpec(store, spec)
    await damage(store, weights)
    for (const job of ['train', 'features'] as const) {
      const ended = await runJob({ job, run, store, ...(job === 'train' && { trials: [full] }) })
      expect(ended.exitCode).not.toBe(EXIT.done)
      expect(ended.stderr).toContain(`${store.location}/${weights}`)
    }
    expect(await getResult(store, full)).toBeUndefined()
    expect([await store.get(weights), await store.get(manifest)]).toEqual([undefined, undefined])
    expect(await runJob({ job: 'pretrain', run, store })).toMatchObject({ exitCode: EXIT.done })
    expect(await store.get(weights)).toEqual(before)
  })
})

it('a spec of which a bit was flipped stops the job, and fails no trial', async () => {
  const store = await readyStore()
  const { spec } = trialKeys(trial)
  const whole = text(await store.get(spec))!
  // A sound object, of another trial: the key is the checksum.
  const { seed, ...others } = parseJson(bytes(whole)) as { readonly seed: number }
  for (const damaged of [
    bytes(whole.replace('"seed":', '"sead":')),
    jsonBytes({ ...others, seed: seed + 1 }),
  ]) {
    await store.put(spec, damaged)
    const ended = await runJob({ job: 'proxy-task', run, store, trials: [trial] })
    expect(ended).toEqual({
      exitCode: EXIT.permanentFailure,
      stderr: expect.stringContaining(`${spec} is not what was written there (resume the run`),
    })
    expect(await getResult(store, trial)).toBeUndefined()
  }
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
