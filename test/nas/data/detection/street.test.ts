import { expect, test } from 'vitest'
import { detectionConfig } from '../../../../nas/data/detection/config.ts'
import { openDetection } from '../../../../nas/data/detection/open.ts'
import { streetWithBoxes } from '../../../../nas/data/detection/street.ts'
import { CAR, FIGURES, PERSON, POLE, SIGN } from '../../../../nas/data/street/classes.ts'
import { streetDataset } from '../../../../nas/data/street/street.ts'
import { folderStore } from '../../../../nas/store/folder.ts'

const config = { kind: 'street', images: 40, validation: 4, height: 128, width: 256, seed: 1 } as const
const street = streetWithBoxes(config)
const samples = await Promise.all(street.train.map((ref) => street.load(ref)))
const ofPixels = streetDataset(config)
const labels = await Promise.all(ofPixels.train.map(async (ref) => (await ofPixels.load(ref)).labels))

test('is what opens by default, without any file, in the pictures of segmentation', async () => {
  const opened = await openDetection(detectionConfig.parse({ kind: 'street' }), folderStore)
  expect([opened.train.length, opened.validation.length, opened.test]).toEqual([400, 100, []])
  expect(opened.classes).toEqual(['car', 'person', 'sign', 'street light'])
  expect(detectionConfig.parse({ kind: 'street' })).toMatchObject({ height: 128, width: 256 })
  expect(samples[3]!.image).toEqual((await ofPixels.load(ofPixels.train[3]!)).image)
})

test('depends on seed, split and name only', async () => {
  const again = streetWithBoxes(config)
  expect(await again.load(again.train[3]!)).toEqual(samples[3])
  expect(await again.boxesOf(again.train[3]!)).toEqual(samples[3]!.boxes)
  expect(again.fingerprint).toBe(street.fingerprint)
  const other = streetWithBoxes({ ...config, seed: 2 })
  expect(other.fingerprint).not.toBe(street.fingerprint)
  expect((await other.load(other.train[3]!)).boxes).not.toEqual(samples[3]!.boxes)
})

test('every box touches pixels of its class on all four sides, and lies in the picture', () => {
  const values = [CAR, PERSON, SIGN, POLE]
  for (const [n, { boxes, width, height }] of samples.entries()) {
    const is = (label: number, x: number, y: number) => labels[n]![y * width + x] === values[label]
    for (const { box, label, area } of boxes) {
      const [left, top, right, bottom] = box
      expect(left >= 0 && top >= 0 && right <= width && bottom <= height).toBe(true)
      const rows = Array.from({ length: bottom - top }, (_, i) => top + i)
      const columns = Array.from({ length: right - left }, (_, i) => left + i)
      expect(rows.some((y) => is(label, left, y))).toBe(true)
      expect(rows.some((y) => is(label, right - 1, y))).toBe(true)
      expect(columns.some((x) => is(label, x, top))).toBe(true)
      expect(columns.some((x) => is(label, x, bottom - 1))).toBe(true)
      const own = rows.flatMap((y) => columns.filter((x) => is(label, x, y))).length
      expect(area).toBeGreaterThanOrEqual(16)
      expect(area).toBeLessThanOrEqual(own)
    }
  }
})

test('nearly all that can be seen of cars, people and signs lies in a box of theirs', () => {
  for (const [label, value] of [CAR, PERSON, SIGN].entries()) {
    let [inside, all] = [0, 0]
    for (const [n, { boxes, width }] of samples.entries()) {
      const own = boxes.filter((each) => each.label === label)
      for (const [pixel, found] of labels[n]!.entries()) {
        if (found !== value) continue
        const [x, y] = [pixel % width, Math.floor(pixel / width)]
        all++
        if (own.some(({ box }) => box[0] <= x && x < box[2] && box[1] <= y && y < box[3])) inside++
      }
    }
    expect(inside / all).toBeGreaterThan(0.85)
  }
})

test('every class occurs, cars, people and signs at many scales', () => {
  const sides = FIGURES.map((_, label) =>
    samples.flatMap(({ boxes }) =>
      boxes
        .filter((each) => each.label === label)
        .map(({ box }) => Math.max(box[2] - box[0], box[3] - box[1])),
    ),
  )
  for (const own of sides) expect(own.length).toBeGreaterThan(10)
  for (const own of sides.slice(0, 3)) expect(Math.max(...own) / Math.min(...own)).toBeGreaterThan(5)
  expect(samples.every(({ boxes }) => boxes.length > 0)).toBe(true)
})
