import { describe, expect, it } from 'vitest'
import { TrellisError } from '../../../nas/errors.ts'
import { proxySpec, proxySpecSchema } from '../../../nas/pipelines/dpc/specs.ts'
import { CONTRACT } from '../../../nas/runs/contract.ts'
import { Interrupted } from '../../../nas/runs/interrupted.ts'
import type { Job } from '../../../nas/runs/job.ts'
import { runKeys, trialKeys } from '../../../nas/runs/keys.ts'
import { getOutcome, getResult, type Result } from '../../../nas/runs/result.ts'
import { runTrials } from '../../../nas/runs/run-trials.ts'
import { forgetAttempts } from '../../../nas/runs/starts.ts'
import { putSpec } from '../../../nas/runs/trial.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import { type Segmented, segmentation } from '../../../nas/tasks/segmentation.ts'
import { saveCheckpoint } from '../../../nas/training/checkpoint.ts'
import { memoryStore } from '../../functions/memory-store.ts'
import { aRun } from '../pipelines/dpc/example.ts'

const succeeded: Segmented = {
  status: 'succeeded',
  score: 0.5,
  iou: [0.5],
  pixelAccuracy: 0.5,
  loss: 1,
  parameters: 7,
  multiplyAdds: 9,
}
const succeed = async () => succeeded
const fail = (error: unknown) => () => Promise.reject(error)

async function aTrial({ contract = CONTRACT } = {}) {
  const store = memoryStore()
  const trial = await putSpec(store, { ...proxySpec(aRun('r'), KNOWN_CELLS.aspp), contract })
  let [checked, disposed] = [0, 0]
  /** An attempt of a run that ends as `finish` does. */
  const attempt = (
    n: number,
    finish: () => Promise<Result<Segmented>>,
    { run = 'r', checkMachine = async () => void checked++ } = {},
  ) => {
    const job = { job: 'proxy-task', run, jobId: 'j', attempt: n, trials: [trial] } as unknown as Job
    const kind = { spec: proxySpecSchema, success: segmentation.result }
    const training = { dispose: async () => void disposed++ }
    return runTrials({ store, job, checkMachine }, kind, async () => ({ training, finish }))
  }
  /** One that never comes back. */
  const die = (n: number, run = 'r') => {
    void attempt(n, () => new Promise(() => {}), { run })
    return new Promise((resolve) => setTimeout(resolve, 5))
  }
  const reach = (step: number) =>
    saveCheckpoint(
      { store, key: trialKeys(trial).checkpoint, training: trial },
      { state: {}, losses: Array(step).fill(1) },
    )
  return { store, trial, attempt, die, reach, checked: () => checked, disposed: () => disposed }
}

describe('a trial', () => {
  it('of another contract is not trained, and has not failed for that', async () => {
    const { store, trial, attempt } = await aTrial({ contract: CONTRACT - 1 })
    await expect(attempt(1, succeed)).rejects.toThrow(`none of a proxy-task job of contract ${CONTRACT}`)
    expect(await getOutcome(store, 'r', trial)).toBeUndefined()
  })

  it('that killed its job three times without progress has failed in that run, whatever the step, and other runs try it', async () => {
    const reasons = []
    for (const step of [0, 7]) {
      const { store, trial, attempt, die, reach, checked } = await aTrial()
      if (step > 0) await reach(step)
      for (const n of [1, 2, 3]) await die(n)
      expect(checked()).toBe(0)
      await die(4)
      expect(checked()).toBe(1)
      await attempt(5, succeed)
      expect(checked()).toBe(1)
      expect(await getResult(store, trial)).toBeUndefined()
      reasons.push(await getOutcome(store, 'r', trial))
      await attempt(1, succeed, { run: 'other' })
      expect(await getResult(store, trial)).toEqual(succeeded)
    }
    expect(reasons[0]).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('killed its job 3 times'),
    })
    expect(reasons[1]).toEqual(reasons[0])
  })

  it('is not blamed for its deaths where the machine kills other work as well', async () => {
    const { store, trial, attempt, die } = await aTrial()
    for (const n of [1, 2, 3]) await die(n)
    const dying = attempt(4, succeed, { checkMachine: () => new Promise(() => {}) })
    await Promise.race([dying, new Promise((resolve) => setTimeout(resolve, 20))])
    await expect(
      attempt(5, succeed, { checkMachine: fail(new Error('illegal instruction')) }),
    ).rejects.toThrow('illegal instruction')
    expect(await getOutcome(store, 'r', trial)).toBeUndefined()
  })

  it('is not blamed for its deaths on one machine because other work survives on another', async () => {
    const { store, trial, attempt, die } = await aTrial()
    for (const n of [1, 2, 3]) await die(n)
    await attempt(4, succeed)
    expect(await getResult(store, trial)).toEqual(succeeded)
  })

  it('that kills its job while it is prepared is found out, too', async () => {
    const { store, trial, attempt } = await aTrial()
    const kind = { spec: proxySpecSchema, success: segmentation.result }
    for (const n of [1, 2, 3, 4]) {
      const job = { run: 'r', jobId: 'j', attempt: n, trials: [trial] } as unknown as Job
      void runTrials({ store, job, checkMachine: async () => {} }, kind, () => new Promise(() => {}))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await attempt(5, succeed)
    expect(await getOutcome(store, 'r', trial)).toMatchObject({ status: 'failed' })
  })

  it('that gets further each time may be killed as often as it likes', async () => {
    const { store, trial, attempt, die, reach } = await aTrial()
    for (const n of [1, 2, 3, 4, 5]) {
      await reach(n)
      await die(n)
    }
    await reach(6)
    await attempt(6, succeed)
    expect(await getResult(store, trial)).toEqual(succeeded)
  })

  it('is not blamed for its deaths in other runs, which share its result and nothing else', async () => {
    const { store, trial, attempt, die } = await aTrial()
    for (const run of ['a', 'b', 'c', 'd', 'e']) await die(1, run)
    await attempt(1, succeed)
    expect(await getResult(store, trial)).toEqual(succeeded)
  })

  it.each([
    ['was interrupted', new Interrupted()],
    ['lost its store', new TrellisError('store-failed', 'gone')],
    ['lost its dataset', new TrellisError('invalid-dataset', 'image a.png is missing')],
    ['lost its inputs', new TrellisError('not-found', 'features/0000.safetensors does not exist')],
    ['found its checkpoint damaged', new TrellisError('invalid-checkpoint', 'not whole')],
    ['could open no engine', new TrellisError('unsupported', 'CUDA cannot be used here')],
    ['had no space left', Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })],
    ['had no file descriptor left', Object.assign(new Error('EMFILE'), { code: 'EMFILE' })],
  ])('whose job %s is not blamed for that, however often', async (_, end) => {
    const { store, trial, attempt } = await aTrial()
    for (const n of [1, 2, 3, 4, 5]) await expect(attempt(n, fail(end))).rejects.toBe(end)
    expect(await getOutcome(store, 'r', trial)).toBeUndefined()
    await attempt(6, succeed)
    expect(await getResult(store, trial)).toEqual(succeeded)
  })

  it.each([
    ['cannot be built', new TrellisError('invalid-graph', 'no such shape')],
    ['exports to another model', new TrellisError('trial-failed', 'the exported model differs')],
  ])('that %s has failed at the first attempt, for all runs', async (_, error) => {
    const { store, trial, attempt, disposed } = await aTrial()
    await attempt(1, fail(error))
    // The next trial of the job needs its memory.
    expect(disposed()).toBe(1)
    expect(await getResult(store, trial)).toEqual({ status: 'failed', reason: error.message })
  })

  it.each([
    ['for an unknown reason', new Error('Non-zero status code returned while running Conv node')],
    ['for want of memory', new RangeError('Array buffer allocation failed')],
    ['for want of memory of a card', new Error('CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0')],
    [
      'for want of memory of an engine',
      new Error('BFCArena: Failed to allocate memory for requested buffer'),
    ],
  ])('that fails three times %s has failed in that run, until it is resumed', async (_, error) => {
    const { store, trial, attempt } = await aTrial()
    for (const n of [1, 2, 3]) {
      await expect(attempt(n, fail(error))).rejects.toBe(error)
      expect(await getOutcome(store, 'r', trial)).toBeUndefined()
    }
    await attempt(4, succeed)
    await attempt(5, succeed)
    expect(await getResult(store, trial)).toBeUndefined()
    expect(await getOutcome(store, 'r', trial)).toEqual({ status: 'failed', reason: error.message })
    expect(await getOutcome(store, 'other', trial)).toBeUndefined()

    await forgetAttempts(store, 'r', [trial])
    expect(await store.get(runKeys('r').failure(trial))).toBeUndefined()
    await attempt(6, succeed)
    expect(await getOutcome(store, 'other', trial)).toEqual(succeeded)
  })

  it('leaves no checkpoint behind its result', async () => {
    const { store, trial, attempt } = await aTrial()
    await store.put(trialKeys(trial).checkpoint, new Uint8Array(1))
    await attempt(1, succeed)
    expect(await store.get(trialKeys(trial).checkpoint)).toBeUndefined()
  })
})
