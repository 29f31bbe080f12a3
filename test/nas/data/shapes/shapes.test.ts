import { describe, expect, test } from 'vitest'
import { shapesDataset } from '../../../../nas/data/shapes/dataset.ts'

const config = { kind: 'shapes', images: 600, validation: 200, size: 32, seed: 1 } as const
const shapes = shapesDataset(config)
const train = await Promise.all(shapes.train.map((ref) => shapes.load(ref)))
const validation = await Promise.all(shapes.validation.map((ref) => shapes.load(ref)))

test('an image depends on seed, split and name only', async () => {
  const again = await shapesDataset(config).load(shapes.train[3]!)
  expect(again).toEqual(train[3])
  expect(validation[3]!.image).not.toEqual(train[3]!.image)
  expect(train[13]!.image).not.toEqual(train[3]!.image)
  const other = await shapesDataset({ ...config, seed: 2 }).load(shapes.train[3]!)
  expect(other.image).not.toEqual(train[3]!.image)
})

test('the fingerprint tells one set from another', () => {
  expect(shapesDataset(config).fingerprint).toBe(shapes.fingerprint)
  const others = [{ seed: 2 }, { validation: 201 }, { images: 601 }, { size: 33 }]
  const fingerprints = others.map((other) => shapesDataset({ ...config, ...other }).fingerprint)
  expect(new Set([shapes.fingerprint, ...fingerprints]).size).toBe(5)
})

test('names are unique and sorted, classes equally frequent', () => {
  const names = shapes.train.map(({ name }) => name)
  expect(new Set(names).size).toBe(600)
  expect(names).toEqual(names.toSorted())
  for (const label of shapes.classes.keys()) {
    expect(shapes.train.filter((ref) => ref.label === label)).toHaveLength(60)
  }
})

test.each([16, 33, 64])('%d pixels a side are filled', async (size) => {
  const dataset = shapesDataset({ ...config, size })
  const { image, height, width } = await dataset.load(dataset.train[0]!)
  expect([height, width, image.length]).toEqual([size, size, size * size * 3])
  expect(new Set(image).size).toBeGreaterThan(20)
})

/** Part of the validation images whose class has the nearest mean, by some features. */
function nearestMean(features: (image: Uint8Array) => readonly number[]): number {
  const means = shapes.classes.map((_, label) => {
    const own = train.filter((image) => image.label === label).map(({ image }) => features(image))
    return own[0]!.map((_, i) => own.reduce((sum, one) => sum + one[i]!, 0) / own.length)
  })
  const distance = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0)
  const hits = validation.filter(({ image, label }) => {
    const own = features(image)
    const distances = means.map((mean) => distance(own, mean))
    return distances.indexOf(Math.min(...distances)) === label
  })
  return hits.length / validation.length
}

describe('the class cannot be predicted from colours alone:', () => {
  test('the mean colour hardly predicts it', () => {
    const colour = (image: Uint8Array) =>
      [0, 1, 2].map((channel) => {
        let sum = 0
        for (let i = channel; i < image.length; i += 3) sum += image[i]!
        return sum
      })
    expect(nearestMean(colour)).toBeLessThan(0.25)
  })

  test('the nearest mean image predicts it, but rarely', () => {
    const grey = (image: Uint8Array) =>
      Array.from(
        { length: image.length / 3 },
        (_, i) => image[i * 3]! + image[i * 3 + 1]! + image[i * 3 + 2]!,
      )
    const found = nearestMean(grey)
    expect(found).toBeGreaterThan(0.13)
    expect(found).toBeLessThan(0.5)
  })
})
