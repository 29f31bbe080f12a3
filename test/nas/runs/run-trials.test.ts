import { describe, expect, it } from 'vitest'
import { TrellisError } from '../../../nas/errors.ts'
import { proxySpec, proxySpecSchema } from '../../../nas/pipelines/dpc/specs.ts'
import { Interrupted } from '../../../nas/runs/interrupted.ts'
import type { Job } from '../../../nas/runs/job.ts'
import { trialKeys } from '../../../nas/runs/keys.ts'
import { getResult, type Result } from '../../../nas/runs/result.ts'
import { runTrials } from '../../../nas/runs/run-trials.ts'
import { putSpec } from '../../../nas/runs/trial.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import { type Segmented, segmentation } from '../../../nas/tasks/segmentation.ts'
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

async function aTrial() {
  const store = memoryStore()
  const trial = await putSpec(store, proxySpec(aRun('r'), KNOWN_CELLS.aspp))
  /** An attempt that ends as `finish` does, from a step. */
  const attempt = (n: number, finish: () => Promise<Result<Segmented>>, step = 0) => {
    const job = { jobId: 'j', attempt: n, trials: [trial] } as unknown as Job
    const training = { step, dispose: async () => {} }
    return runTrials(store, job, { spec: proxySpecSchema, success: segmentation.result }, async () => ({
      training,
      finish,
    }))
  }
  /** One that never comes back. */
  const die = (n: number, step = 0) => {
    void attempt(n, () => new Promise(() => {}), step)
    return new Promise((resolve) => setImmediate(resolve))
  }
  return { store, trial, attempt, die }
}

describe('a trial', () => {
  it('that killed its job three times without progress is recorded as failed, whatever the step', async () => {
    const reasons = []
    for (const step of [0, 7]) {
      const { store, trial, attempt, die } = await aTrial()
      for (const n of [1, 2, 3]) await die(n, step)
      await attempt(4, async () => succeeded, step)
      reasons.push(await getResult(store, trial))
    }
    expect(reasons[0]).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('killed its job 3 times'),
    })
    expect(reasons[1]).toEqual(reasons[0])
  })

  it('that gets further each time may be killed as often as it likes', async () => {
    const { store, trial, attempt, die } = await aTrial()
    for (const n of [1, 2, 3, 4, 5]) await die(n, n)
    await attempt(6, async () => succeeded, 6)
    expect(await getResult(store, trial)).toEqual(succeeded)
  })

  it.each([
    ['was interrupted', new Interrupted()],
    ['lost its store', new TrellisError('store-failed', 'gone')],
  ])('whose job %s is not blamed for that, however often', async (_, end) => {
    const { store, trial, attempt } = await aTrial()
    for (const n of [1, 2, 3, 4, 5]) {
      await expect(attempt(n, async () => Promise.reject(end))).rejects.toBe(end)
    }
    await attempt(6, async () => succeeded)
    expect(await getResult(store, trial)).toEqual(succeeded)
  })

  it('leaves no checkpoint behind its result', async () => {
    const { store, trial, attempt } = await aTrial()
    await store.put(trialKeys(trial).checkpoint, new Uint8Array(1))
    await attempt(1, async () => succeeded)
    expect(await store.get(trialKeys(trial).checkpoint)).toBeUndefined()
  })
})
