import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LabelledRef } from '../../../nas/data/dataset.ts'
import { augmentImage, centreCrop } from '../../../nas/data/image-augmentation.ts'
import { halves, labelledImages, trainImages } from '../../../nas/data/labelled-batches.ts'
import { shapesDataset } from '../../../nas/data/shapes/dataset.ts'
import { random } from '../../../nas/random.ts'

const shapes = shapesDataset({ kind: 'shapes', images: 30, validation: 7, size: 16, seed: 3 })
const options = {
  batch: 4,
  seed: 7,
  size: 16,
  augmentation: { kind: 'crop', padding: 2, flip: true },
} as const

describe('a training batch', () => {
  const at = (step: number, seed = 7) => trainImages(shapes, shapes.train, { ...options, step, seed })

  test('is the same for a resumed job, and another for another step or seed', async () => {
    const unbroken = []
    for (let step = 0; step < 5; step++) unbroken.push(await at(step))
    expect(await at(4)).toEqual(unbroken[4])
    expect(unbroken[3]).not.toEqual(unbroken[4])
    expect(await at(4, 8)).not.toEqual(unbroken[4])
  })

  test('holds every image with its own label', async () => {
    const all = {
      ...options,
      batch: 30,
      step: 0,
      augmentation: { kind: 'crop', padding: 0, flip: false },
    } as const
    const { image, labels } = await trainImages(shapes, shapes.train, all)
    expect([image.dtype, image.shape]).toEqual(['float32', [30, 3, 16, 16]])
    expect([labels.dtype, labels.shape]).toEqual(['int32', [30]])

    const plain = new Map<string, number>()
    for (const ref of shapes.train) {
      const { image: data } = await shapes.load(ref)
      plain.set(
        augmentImage({ height: 16, width: 16, data }, 16, all.augmentation, random(0)).join(),
        ref.label,
      )
    }
    const found = Array.from({ length: 30 }, (_, i) =>
      plain.get((image.data as Float32Array).subarray(i * 768, (i + 1) * 768).join()),
    )
    expect(found).toEqual([...labels.data])
  })

  test('takes nothing but the images that it is given', async () => {
    const threes = shapes.train.filter(({ label }) => label === 3)
    const { labels } = await trainImages(shapes, threes, { ...options, step: 2 })
    expect([...labels.data]).toEqual([3, 3, 3, 3])
  })
})

test('validation takes every image once, in order; the padding of the last batch has no label', async () => {
  const batches = []
  for await (const batch of labelledImages(shapes, shapes.validation, 16, 3)) batches.push(batch)
  expect(batches.map(({ image }) => image.shape)).toEqual(Array(3).fill([3, 3, 16, 16]))
  expect(batches.flatMap(({ labels }) => [...labels])).toEqual([0, 1, 2, 3, 4, 5, 6])
  const { image: data } = await shapes.load(shapes.validation[6]!)
  const last = batches[2]!.image.data
  expect(last.subarray(0, 768)).toEqual(centreCrop({ height: 16, width: 16, data }, 16))
  expect(last.subarray(768).every((value) => value === 0)).toBe(true)
})

describe('the halves of the training images', () => {
  const labelled = fc
    .array(fc.nat(3), { minLength: 2, maxLength: 40 })
    .map((labels) => labels.map((label, i): LabelledRef => ({ split: 'train', name: `${i}`, label })))

  test('share no image, leave none out, and have equally many of each class, give or take one', () => {
    fc.assert(
      fc.property(labelled, fc.nat(), (refs, seed) => {
        const [weights, architecture] = halves(refs, seed)
        const names = [...weights, ...architecture].map(({ name }) => name)
        expect(names.sort()).toEqual(refs.map(({ name }) => name).sort())
        const excess = (label?: number) =>
          [weights, architecture]
            .map((half) => half.filter((ref) => label === undefined || ref.label === label).length)
            .reduce((a, b) => Math.abs(a - b))
        for (const label of [undefined, 0, 1, 2, 3]) expect(excess(label)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('are the same for the same seed, others for another', () => {
    expect(halves(shapes.train, 1)).toEqual(halves(shapes.train, 1))
    expect(halves(shapes.train, 1)).not.toEqual(halves(shapes.train, 2))
  })

  test('of one image there are none', () => {
    expect(() => halves(shapes.train.slice(0, 1), 0)).toThrow('1 training image cannot be split')
  })
})
