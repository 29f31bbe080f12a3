import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { finalResult, getResult, putResult, putRunFailure } from '../../../nas/runs/result.ts'
import { recordStart } from '../../../nas/runs/starts.ts'
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

  it('that is not there is nobody’s failure', async () => {
    await expect(finalResult(store, 'r', trial, success)).rejects.toThrow(/result\.json does not exist/)
    expect(await putResult(store, trial, good, success)).toBe(true)
    expect(await finalResult(store, 'r', trial, success)).toEqual(good)
  })

  it('counts more than a failure that one run knows, and that counts for this run alone', async () => {
    await putRunFailure(store, 'r', trial, 'Conv: no reason')
    expect(await finalResult(store, 'r', trial, success)).toEqual({
      status: 'failed',
      reason: 'Conv: no reason; a new run tries it again',
    })
    await expect(finalResult(store, 'other', trial, success)).rejects.toThrow(/does not exist/)
    await putResult(store, trial, good, success)
    expect(await finalResult(store, 'r', trial, success)).toEqual(good)
  })
})

it('what to do about a failure of one run is said, however long its reason', async () => {
  await putRunFailure(store, 'r', trial, 'no '.repeat(1000))
  expect(await finalResult(store, 'r', trial, success)).toMatchObject({
    reason: expect.stringMatching(/^(no )+.*; a new run tries it again$/),
  })
})

describe('starts', () => {
  it('are told from each step, across the jobs of a run, and not of the attempt that asks', async () => {
    const start = (jobId: string, attempt: number, step: number, run = 'r') =>
      recordStart(store, { run, trial, jobId, attempt }, { step })
    expect(await start('a', 1, 0)).toEqual([])
    expect(await start('a', 1, 0)).toEqual([])
    expect(await start('a', 2, 0)).toEqual([{ step: 0 }])
    expect(await start('b', 1, 40)).toEqual([])
    expect(await start('b', 2, 0)).toEqual([{ step: 0 }, { step: 0 }])
    expect(await start('c', 1, 0, 'another run')).toEqual([])
  })
})
