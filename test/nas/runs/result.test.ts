import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { finalResult, getResult, putResult } from '../../../nas/runs/result.ts'
import { MAX_STARTS, recordStart } from '../../../nas/runs/starts.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { type Segmented, segmentation } from '../../../nas/tasks/segmentation.ts'

const trial = 'a'.repeat(32)
const { result: success } = segmentation
const good: Segmented = {
  status: 'succeeded',
  score: 0.5,
  iou: [0.75, null, 0.25],
  pixelAccuracy: 0.9,
  loss: 0.3,
  parameters: 10,
  multiplyAdds: 100,
}

let store: ObjectStore
beforeEach(async () => {
  store = folderStore(await mkdtemp(join(tmpdir(), 'trellis-result-')))
})
afterEach(() => rm(store.location, { recursive: true }))

describe('a result', () => {
  it('is the first that was put; later ones are dropped', async () => {
    expect(await putResult(store, trial, good, success)).toBe(true)
    expect(await putResult(store, trial, { ...good, score: 0.9 }, success)).toBe(false)
    expect(await getResult(store, trial)).toEqual(good)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1.1])(
    'with a score of %d is a recorded failure',
    async (score) => {
      await putResult(store, trial, { ...good, score }, success)
      expect(await getResult(store, trial)).toMatchObject({
        status: 'failed',
        reason: expect.stringContaining('score'),
      })
    },
  )

  it('that a job never wrote is a failure, unless it comes just in time', async () => {
    expect(await finalResult(store, trial, success)).toEqual({
      status: 'failed',
      reason: 'its job ended without a result',
    })
    expect(await putResult(store, trial, good, success)).toBe(false)
    const other = 'b'.repeat(32)
    await putResult(store, other, good, success)
    expect(await finalResult(store, other, success)).toEqual(good)
  })
})

describe('starts', () => {
  it('are counted from each step, across jobs, and not twice for one attempt', async () => {
    const start = (jobId: string, attempt: number, step: number) =>
      recordStart(store, trial, { jobId, attempt, step })
    expect(await start('a', 1, 0)).toBe(1)
    expect(await start('a', 1, 0)).toBe(1)
    expect(await start('a', 2, 0)).toBe(2)
    expect(await start('b', 1, 40)).toBe(1)
    expect(await start('b', 2, 0)).toBe(MAX_STARTS)
  })
})
