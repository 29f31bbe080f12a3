import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Pixels } from '../../../nas/data/dataset.ts'
import {
  augmentImage,
  centreCrop,
  type ImageAugmentation,
  randomPart,
} from '../../../nas/data/image-augmentation.ts'
import { random } from '../../../nas/random.ts'

const GOOGLENET = { kind: 'googlenet', area: [0.08, 1], ratio: [3 / 4, 4 / 3], flip: true } as const
const CIFAR = { kind: 'crop', padding: 4, flip: true } as const

/** Red tells the column, green the row, blue is 0. */
const map = (height: number, width: number): Pixels => ({
  height,
  width,
  data: Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width
    const y = Math.floor(i / 3 / width)
    return [x, y, 0][i % 3]!
  }),
})

/** [column, row] that a pixel of the result came from, undefined for padding. */
function cameFrom(image: Float32Array, size: number, y: number, x: number) {
  const at = (channel: number) => image[(channel * size + y) * size + x]!
  if (at(0) === 0 && at(1) === 0 && at(2) === 0) return undefined
  return [at(0) * 58.395 + 123.675, at(1) * 57.12 + 116.28] as const
}

describe('the crop of small images', () => {
  const seen = (augmentation: ImageAugmentation) =>
    Array.from({ length: 400 }, (_, seed) => {
      const image = augmentImage(map(8, 8), 8, augmentation, random(seed, 'crop'))
      const middle = [cameFrom(image, 8, 4, 3)!, cameFrom(image, 8, 4, 4)!] as const
      const step = Math.round(middle[1][0] - middle[0][0])
      // Where the leftmost and topmost pixel of the result lies in the image.
      const column = Math.round(step === 1 ? middle[0][0] - 3 : middle[1][0] - 3)
      return { step, column, row: Math.round(middle[0][1]) - 4 }
    })

  test('takes every place within the padding and both directions, about equally often', () => {
    const places = seen({ kind: 'crop', padding: 2, flip: true })
    for (const key of ['column', 'row'] as const) {
      const counts = [-2, -1, 0, 1, 2].map((offset) => places.filter((place) => place[key] === offset).length)
      expect(counts.reduce((sum, count) => sum + count)).toBe(400)
      for (const count of counts) expect(Math.abs(count - 80)).toBeLessThan(32)
    }
    const mirrored = places.filter(({ step }) => step === -1).length
    expect(Math.abs(mirrored - 200)).toBeLessThan(40)
  })

  test('without padding and flip is the image', () => {
    const whole = augmentImage(map(8, 8), 8, { kind: 'crop', padding: 0, flip: false }, random(0))
    expect(whole).toEqual(centreCrop(map(8, 8), 8))
  })

  test('of another size brings the shorter side to that of the network first', () => {
    const image = augmentImage(map(16, 40), 8, { kind: 'crop', padding: 0, flip: false }, random(3))
    const [left, right] = [cameFrom(image, 8, 3, 3)!, cameFrom(image, 8, 4, 4)!]
    expect(right[0] - left[0]).toBeCloseTo(2, 3)
    expect(right[1] - left[1]).toBeCloseTo(2, 3)
  })
})

describe('the random part of photographs', () => {
  const sizes = fc.record({ height: fc.integer({ min: 1, max: 90 }), width: fc.integer({ min: 1, max: 90 }) })

  test('lies within the image, whatever its size and shape', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, seed) => {
        const [rows, columns] = randomPart(size, GOOGLENET, random(seed))
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

  test('has areas spread evenly over their range, and shapes evenly in their logarithm', () => {
    const area = [0.08, 0.5] as const
    const ratio = [1 / 2, 2] as const
    const draws = Array.from({ length: 2000 }, (_, seed) => {
      const [rows, columns] = randomPart({ height: 1000, width: 1000 }, { area, ratio }, random(seed, 'part'))
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
      0.0799,
      0.5001,
    )
    uniform(
      draws.map((draw) => draw.shape),
      -1.01,
      1.01,
    )
  })

  test('is the middle of the allowed shape where no draw fits', () => {
    const [rows, columns] = randomPart({ height: 10, width: 100 }, { ...GOOGLENET, area: [1, 1] }, random(0))
    expect(rows).toEqual({ from: 0, to: 10 })
    expect(columns).toEqual({ from: 43, to: 56 })
  })

  test('fills the whole input', () => {
    const image = augmentImage(map(50, 70), 16, GOOGLENET, random(1))
    for (let y = 0; y < 16; y++) for (let x = 0; x < 16; x++) expect(cameFrom(image, 16, y, x)).toBeDefined()
  })
})

test.each([CIFAR, GOOGLENET])(
  'the same stream gives the same image, another stream another: $kind',
  (kind) => {
    const draw = (seed: number) => augmentImage(map(32, 32), 32, kind, random(seed, 'augment'))
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  },
)

describe('what is validated', () => {
  const middle = (height: number, width: number, size: number) => {
    const image = centreCrop(map(height, width), size)
    const first = cameFrom(image, size, 0, 0)!
    const last = cameFrom(image, size, size - 1, size - 1)!
    return [first[0], first[1], last[0], last[1]].map((value) => Math.round(value * 100) / 100 + 0)
  }

  test('of an image of the size of the network is all of it', () => {
    expect(middle(28, 28, 28)).toEqual([0, 0, 27, 27])
  })

  test('of an image a little larger is its middle, pixel by pixel', () => {
    expect(middle(30, 34, 28)).toEqual([3, 1, 30, 28])
  })

  test('of a large one is seven eighths of the shorter side', () => {
    // 64 pixels become 32, 96 become 48; the outputs average over two pixels each.
    expect(middle(64, 96, 28)).toEqual([20.5, 4.5, 74.5, 58.5])
  })

  test('of a small one is all of it, enlarged', () => {
    const image = centreCrop(map(14, 14), 28)
    expect(cameFrom(image, 28, 13, 13)).toEqual([expect.closeTo(6.25, 3), expect.closeTo(6.25, 3)])
  })
})
