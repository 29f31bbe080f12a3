import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomCrop } from '../../../nas/data/random-crop.ts'
import { random } from '../../../nas/random.ts'

const GOOGLENET = { area: [0.08, 1], ratio: [3 / 4, 4 / 3] } as const
const sizes = fc.record({ height: fc.integer({ min: 1, max: 90 }), width: fc.integer({ min: 1, max: 90 }) })

test('a random part lies within the image, whatever its size and shape', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (size, seed) => {
      const [rows, columns] = randomCrop(size, GOOGLENET, random(seed))
      for (const [{ from, to }, length] of [
        [rows, size.height],
        [columns, size.width],
      ] as const) {
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeGreaterThan(from)
        expect(to).toBeLessThanOrEqual(length)
      }
    }),
    { numRuns: 300 },
  )
})

test('random parts have areas spread evenly over their range, and shapes evenly in their logarithm', () => {
  const area = [0.08, 0.5] as const
  const ratio = [1 / 2, 2] as const
  const draws = Array.from({ length: 2000 }, (_, seed) => {
    const [rows, columns] = randomCrop({ height: 1000, width: 1000 }, { area, ratio }, random(seed, 'part'))
    const [height, width] = [rows.to - rows.from, columns.to - columns.from]
    return { area: (height * width) / 1e6, shape: Math.log2(width / height) }
  })
  const uniform = (values: readonly number[], low: number, high: number) => {
    const counts = Array<number>(4).fill(0)
    for (const value of values) counts[Math.floor(((value - low) / (high - low)) * 4)]! += 1
    expect(counts.reduce((sum, count) => sum + count)).toBe(2000)
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(80)
  }
  uniform(
    draws.map((draw) => draw.area),
    0.079,
    0.501,
  )
  uniform(
    draws.map((draw) => draw.shape),
    -1.02,
    1.02,
  )
})

test('a random part is the middle of the allowed shape where no draw fits', () => {
  const [rows, columns] = randomCrop({ height: 10, width: 100 }, { ...GOOGLENET, area: [1, 1] }, random(0))
  expect(rows).toEqual({ from: 0, to: 10 })
  expect(columns).toEqual({ from: 43, to: 56 })
})
