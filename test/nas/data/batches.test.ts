import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { batchIndices, subsampleLabels, trainBatch } from '../../../nas/data/batches.ts'
import { streetDataset } from '../../../nas/data/street/street.ts'

const street = streetDataset({ kind: 'street', images: 5, validation: 1, height: 32, width: 48, seed: 3 })
const options = { batch: 2, seed: 7, scale: [0.5, 2], crop: [33, 33], flip: true } as const

test('every epoch takes every sample once, in an order of its own', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(),
      (count, batch, seed) => {
        const steps = Array.from({ length: 2 * count }, (_, step) =>
          batchIndices(count, { batch, seed, step }),
        )
        const sequence = steps.flat()
        for (let start = 0; start + count <= sequence.length; start += count) {
          const epoch = sequence.slice(start, start + count)
          expect(epoch.toSorted((a, b) => a - b)).toEqual([...Array(count).keys()])
        }
      },
    ),
    { numRuns: 50 },
  )
  const first = batchIndices(20, { batch: 20, seed: 1, step: 0 })
  expect(batchIndices(20, { batch: 20, seed: 1, step: 1 })).not.toEqual(first)
  expect(batchIndices(20, { batch: 20, seed: 2, step: 0 })).not.toEqual(first)
})

test('a resumed job sees the batch that the unbroken one saw', async () => {
  const unbroken = []
  for (let step = 0; step < 5; step++) unbroken.push(await trainBatch(street, { ...options, step }))
  expect(await trainBatch(street, { ...options, step: 4 })).toEqual(unbroken[4])
  expect(unbroken[3]).not.toEqual(unbroken[4])
})

test('a batch holds its images one after the other, as types that a graph takes', async () => {
  const { image, labels } = await trainBatch(street, { ...options, step: 0 })
  expect([image.dtype, image.shape, image.data.length]).toEqual(['float32', [2, 3, 33, 33], 2 * 3 * 33 * 33])
  expect([labels.dtype, labels.shape, labels.data.length]).toEqual(['int32', [2, 33, 33], 2 * 33 * 33])
  const halves = [image.data.subarray(0, 3 * 33 * 33), image.data.subarray(3 * 33 * 33)]
  for (const half of halves) expect(half.some((value) => value !== 0)).toBe(true)
  for (const label of labels.data) expect(label === 255 || (label >= 0 && label < 10)).toBe(true)
})

describe('subsampled labels', () => {
  test('have the sizes of scale_dimension (DPC-3) and keep the corners', () => {
    const sizes = [
      [513, 16, 33],
      [513, 64, 9],
      [257, 16, 17],
      [769, 128, 7],
      [1025, 16, 65],
    ] as const
    for (const [size, stride, expected] of sizes) {
      const column = Int32Array.from({ length: size }, (_, i) => i)
      const result = subsampleLabels(column, size, 1, stride)
      expect(result).toHaveLength(expected)
      expect([result[0], result.at(-1)]).toEqual([0, size - 1])
    }
  })

  test('are rows and columns 0, s, 2s, … of every image', () => {
    const labels = Int32Array.from({ length: 2 * 3 * 4 }, (_, i) => i)
    expect([...subsampleLabels(labels, 3, 4, 2)]).toEqual([0, 2, 8, 10, 12, 14, 20, 22])
    expect(subsampleLabels(labels, 3, 4, 1)).toEqual(labels)
  })
})
