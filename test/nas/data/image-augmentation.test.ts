import { describe, expect, test } from 'vitest'
import type { Pixels } from '../../../nas/data/dataset.ts'
import { augmentImage, centreCrop, type ImageAugmentation } from '../../../nas/data/image-augmentation.ts'
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

test('the random part of a photograph fills the whole input', () => {
  const image = augmentImage(map(50, 70), 16, GOOGLENET, random(1))
  for (let y = 0; y < 16; y++) for (let x = 0; x < 16; x++) expect(cameFrom(image, 16, y, x)).toBeDefined()
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
