import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../../nas/checksum.ts'
import type { Sample } from '../../../../nas/data/dataset.ts'
import { streetDataset } from '../../../../nas/data/street/street.ts'

const config = { kind: 'street', images: 30, validation: 6, height: 64, width: 128, seed: 1 } as const
const street = streetDataset(config)
const samples = await Promise.all(street.train.map((ref) => street.load(ref)))

/** Mean row of a class over all samples, as a part of the height. */
function placeOf(name: string) {
  const label = street.classes.indexOf(name)
  let rows = 0
  let count = 0
  for (const { labels, width, height } of samples) {
    for (const [i, value] of labels.entries()) {
      if (value !== label) continue
      rows += (Math.floor(i / width) + 0.5) / height
      count++
    }
  }
  return rows / count
}

const meanColour = (sample: Sample, name: string): number => {
  const label = street.classes.indexOf(name)
  let sum = 0
  let count = 0
  for (const [i, value] of sample.labels.entries()) {
    if (value !== label) continue
    sum += sample.image[i * 3 + 1]!
    count++
  }
  return sum / count
}

test('a sample depends on seed, split and name only', async () => {
  const again = await streetDataset(config).load({ split: 'train', name: street.train[3]!.name })
  expect(again).toEqual(samples[3])
  expect(samples[4]!.image).not.toEqual(samples[3]!.image)
  const namesake = await street.load({ split: 'validation', name: street.train[3]!.name })
  expect(namesake.image).not.toEqual(samples[3]!.image)
  const other = await streetDataset({ ...config, seed: 2 }).load(street.train[3]!)
  expect(other.image).not.toEqual(samples[3]!.image)
})

test('the fingerprint tells one street from another', () => {
  expect(streetDataset(config).fingerprint).toBe(street.fingerprint)
  expect(streetDataset({ ...config, seed: 2 }).fingerprint).not.toBe(street.fingerprint)
  expect(streetDataset({ ...config, validation: 7 }).fingerprint).not.toBe(street.fingerprint)
})

test('streets are those that earlier versions drew, to the byte', async () => {
  const dataset = streetDataset({ kind: 'street', images: 8, validation: 4, height: 64, width: 128, seed: 1 })
  const drawn = await Promise.all([...dataset.train, ...dataset.validation].map((ref) => dataset.load(ref)))
  // Of version 0.1.0, before figures had outlines.
  expect(sha256(...drawn.flatMap(({ image, labels }) => [image, labels]))).toBe(
    '0f20c985786c068458b93a0efba1ba0d21fd82a93e6dbf2ccd9980da30940e78',
  )
})

test('names are unique and sorted', () => {
  const names = street.train.map(({ name }) => name)
  expect(new Set(names).size).toBe(30)
  expect(names).toEqual(names.toSorted())
})

describe('a scene is a street', () => {
  test('every pixel has a class, every class occurs', () => {
    const seen = new Set(samples.flatMap(({ labels }) => [...new Set(labels)]))
    expect([...seen].sort((a, b) => a - b)).toEqual([...street.classes.keys()])
  })

  test('the sky is above, the road below, and what stands on the ground between them', () => {
    expect(placeOf('sky')).toBeLessThan(0.35)
    expect(placeOf('road')).toBeGreaterThan(0.65)
    for (const name of ['car', 'person']) {
      expect(placeOf(name)).toBeGreaterThan(placeOf('sky'))
      expect(placeOf(name)).toBeLessThan(placeOf('road'))
    }
  })

  test('grey tells little: in a third of the scenes or more, road and building are about equally bright', () => {
    const close = samples.filter(
      (sample) => Math.abs(meanColour(sample, 'road') - meanColour(sample, 'building')) < 20,
    )
    expect(close.length).toBeGreaterThan(samples.length / 3)
  })
})

test.each([
  [32, 32],
  [200, 50],
  [33, 129],
])('%dx%d pixels are filled, whatever the shape', async (height, width) => {
  const dataset = streetDataset({ ...config, height, width })
  const { image, labels } = await dataset.load(dataset.validation[0]!)
  expect(image).toHaveLength(height * width * 3)
  expect(labels.every((label) => label < street.classes.length)).toBe(true)
  expect(new Set(labels).size).toBeGreaterThan(3)
})
