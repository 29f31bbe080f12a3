import { expect, test } from 'vitest'
import { cacheSamples } from '../../../nas/data/cache.ts'
import type { SampleRef, SegmentationDataset } from '../../../nas/data/dataset.ts'
import { shapesDataset } from '../../../nas/data/shapes/dataset.ts'

const refs: SampleRef[] = ['a', 'b', 'c'].map((name) => ({ split: 'train', name }))

/** Samples of 4 bytes each. */
function counted() {
  const loads: string[] = []
  const dataset: SegmentationDataset = {
    classes: ['x'],
    ignoreLabel: 255,
    train: refs,
    validation: refs.map(({ name }) => ({ split: 'validation', name })),
    test: [],
    warnings: [],
    fingerprint: 'f',
    load: async ({ split, name }) => {
      loads.push(`${split}/${name}`)
      return { name, height: 1, width: 1, image: new Uint8Array(3), labels: new Uint8Array(1) }
    },
    measure: async () => ({}),
  }
  return { loads, dataset }
}

test('samples are decoded once while they fit, each time when they do not', async () => {
  const { loads, dataset } = counted()
  const cached = cacheSamples(dataset, 9)
  for (let epoch = 0; epoch < 3; epoch++) {
    for (const ref of refs) expect((await cached.load(ref)).name).toBe(ref.name)
  }
  expect(loads).toEqual(['train/a', 'train/b', 'train/c', 'train/c', 'train/c'])
})

test('the two splits do not get into each other’s way', async () => {
  const { loads, dataset } = counted()
  const cached = cacheSamples(dataset, 100)
  await cached.load({ split: 'train', name: 'a' })
  await cached.load({ split: 'validation', name: 'a' })
  expect(loads).toEqual(['train/a', 'validation/a'])
})

test('images with one label count by the size of their pixels', async () => {
  const shapes = shapesDataset({ kind: 'shapes', images: 3, validation: 1, size: 16, seed: 0 })
  const cached = cacheSamples(shapes, 2 * 16 * 16 * 3)
  const [first, second, third] = shapes.train
  for (const ref of [first!, second!]) expect(await cached.load(ref)).toBe(await cached.load(ref))
  expect(await cached.load(third!)).not.toBe(await cached.load(third!))
  expect(cached.fingerprint).toBe(shapes.fingerprint)
})
