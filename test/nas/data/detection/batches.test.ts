import { expect, test } from 'vitest'
import { trainBoxes } from '../../../../nas/data/detection/batches.ts'
import { trainingHalves } from '../../../../nas/data/detection/halves.ts'
import { streetWithBoxes } from '../../../../nas/data/detection/street.ts'

const street = streetWithBoxes({ kind: 'street', images: 7, validation: 1, height: 64, width: 128, seed: 0 })
const options = { scale: [0.5, 2], crop: [48, 64], flip: true, batch: 3, seed: 5, step: 2 } as const

test('a batch depends on seed and step only, and has the images of its part', async () => {
  const batch = await trainBoxes(street, street.train, options)
  expect(batch.image.shape).toEqual([3, 3, 48, 64])
  expect(batch.boxes).toHaveLength(3)
  expect(await trainBoxes(street, street.train, options)).toEqual(batch)
  for (const more of [{ step: 3 }, { seed: 6 }])
    expect((await trainBoxes(street, street.train, { ...options, ...more })).image).not.toEqual(batch.image)
  const loaded: string[] = []
  const load: typeof street.load = (ref) => {
    loaded.push(ref.name)
    return street.load(ref)
  }
  await trainBoxes({ load }, street.train.slice(2, 4), options)
  expect(new Set(loaded)).toEqual(new Set(['000002', '000003']))
})

test('images of one batch are augmented unlike each other', async () => {
  const { image } = await trainBoxes(street, street.train.slice(0, 1), options)
  const plane = image.data.length / 3
  expect(image.data.slice(0, plane)).not.toEqual(image.data.slice(plane, 2 * plane))
})

test('halves have equal size plus or minus one, share no image, and have another one for another seed', () => {
  const [a, b] = trainingHalves(street.train, 0)
  expect([a.length, b.length]).toEqual([4, 3])
  expect([...a, ...b].map(({ name }) => name).sort()).toEqual(street.train.map(({ name }) => name))
  expect(a.map(({ name }) => name)).toEqual(a.map(({ name }) => name).sort())
  expect(trainingHalves(street.train, 0)).toEqual([a, b])
  const others = Array.from({ length: 5 }, (_, seed) => trainingHalves(street.train, seed + 1)[0])
  expect(others.some((other) => other.some((ref) => !a.includes(ref)))).toBe(true)
  expect(() => trainingHalves(street.train.slice(0, 1), 0)).toThrow('1 training image cannot be split')
})
