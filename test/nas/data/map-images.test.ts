import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { mapImages } from '../../../nas/data/map-images.ts'

test('images are in memory a few at a time, however many are asked for, and come in order', async () => {
  let [now, most] = [0, 0]
  const refs = Array.from({ length: 60 }, (_, i) => i)
  const made = await mapImages(refs, async (ref, i) => {
    most = Math.max(most, ++now)
    await setTimeout(ref % 3)
    now--
    return [ref, i]
  })
  expect(made).toEqual(refs.map((ref) => [ref, ref]))
  expect(most).toBe(4)
})

test('after an error no more are loaded', async () => {
  let started = 0
  const failing = mapImages(Array(60).fill(0), async () => {
    started++
    throw new Error('missing')
  })
  await expect(failing).rejects.toThrow('missing')
  await setTimeout(5)
  expect(started).toBeLessThan(10)
})
