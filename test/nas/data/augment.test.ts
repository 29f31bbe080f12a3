import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { augment, evaluationInput } from '../../../nas/data/augment.ts'
import type { Sample } from '../../../nas/data/dataset.ts'
import { type Random, random } from '../../../nas/random.ts'

const MEAN = [123.675, 116.28, 103.53]
const DEVIATION = [58.395, 57.12, 57.375]

function sampleOf(height: number, width: number, seed: number): Sample {
  const rng = random(seed, 'sample')
  const bytes = (count: number, below: number) => Uint8Array.from({ length: count }, () => rng.integer(below))
  return { name: 's', height, width, image: bytes(height * width * 3, 256), labels: bytes(height * width, 7) }
}

/** Draws of `uniform` and `integer` in the order given; everything else fails. */
function scripted(uniforms: number[], integers: number[]): Random {
  const unexpected = () => {
    throw new Error('unexpected draw')
  }
  return {
    uniform: () => uniforms.shift() ?? unexpected(),
    integer: () => integers.shift() ?? unexpected(),
    normal: unexpected,
    pick: unexpected,
    shuffle: unexpected,
  }
}

/** The whole scaled image first, as a library would make it; [value by channel, label] of a pixel of it. */
function scaledPixel(sample: Sample, height: number, width: number, y: number, x: number) {
  const clamp = (value: number, size: number) => Math.min(Math.max(value, 0), size - 1)
  const sy = clamp(((y + 0.5) * sample.height) / height - 0.5, sample.height)
  const sx = clamp(((x + 0.5) * sample.width) / width - 0.5, sample.width)
  const channels = [0, 1, 2].map((channel) => {
    let value = 0
    for (let i = 0; i < sample.height; i++) {
      for (let j = 0; j < sample.width; j++) {
        const tent = Math.max(0, 1 - Math.abs(i - sy)) * Math.max(0, 1 - Math.abs(j - sx))
        value += tent * sample.image[(i * sample.width + j) * 3 + channel]!
      }
    }
    return value
  })
  const row = Math.floor(((y + 0.5) * sample.height) / height)
  const column = Math.floor(((x + 0.5) * sample.width) / width)
  return { channels, label: sample.labels[row * sample.width + column]! }
}

const size = fc.integer({ min: 1, max: 9 })

test('scale, crop, padding, flip and normalisation in one pass agree with doing one after the other', () => {
  const cases = fc.record({
    height: size,
    width: size,
    cropHeight: size,
    cropWidth: size,
    quarter: fc.integer({ min: 2, max: 8 }),
    top: fc.nat(20),
    left: fc.nat(20),
    flip: fc.boolean(),
    seed: fc.nat(1000),
  })
  fc.assert(
    fc.property(cases, ({ height, width, cropHeight, cropWidth, quarter, top, left, flip, seed }) => {
      const sample = sampleOf(height, width, seed)
      const scale = quarter / 4
      const scaledHeight = Math.max(1, Math.round(height * scale))
      const scaledWidth = Math.max(1, Math.round(width * scale))
      const dy = top % (Math.abs(scaledHeight - cropHeight) + 1)
      const dx = left % (Math.abs(scaledWidth - cropWidth) + 1)
      const rng = scripted([0, flip ? 0.2 : 0.7], [dy, dx])
      const options = { scale: [scale, scale], crop: [cropHeight, cropWidth], flip: true } as const
      const { image, labels } = augment(sample, options, rng)
      for (let y = 0; y < cropHeight; y++) {
        for (let x = 0; x < cropWidth; x++) {
          const sy = y + (scaledHeight >= cropHeight ? dy : -dy)
          const sx = (flip ? cropWidth - 1 - x : x) + (scaledWidth >= cropWidth ? dx : -dx)
          const inside = sy >= 0 && sy < scaledHeight && sx >= 0 && sx < scaledWidth
          const expected = inside
            ? scaledPixel(sample, scaledHeight, scaledWidth, sy, sx)
            : { channels: MEAN, label: 255 }
          expect(labels[y * cropWidth + x]).toBe(expected.label)
          for (const [channel, value] of expected.channels.entries()) {
            const normalised = (value - MEAN[channel]!) / DEVIATION[channel]!
            expect(image[(channel * cropHeight + y) * cropWidth + x]).toBeCloseTo(normalised, 4)
          }
        }
      }
    }),
    { numRuns: 150 },
  )
})

test('the same stream gives the same crop, another stream another one', () => {
  const sample = sampleOf(20, 30, 1)
  const options = { scale: [0.5, 2], crop: [16, 16], flip: true } as const
  const draw = (seed: number) => augment(sample, options, random(seed, 'augment'))
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
})

test('every scale of the range, every place of the crop and both directions occur', () => {
  const sample: Sample = {
    name: 's',
    height: 1,
    width: 4,
    image: new Uint8Array(12),
    labels: Uint8Array.of(0, 1, 2, 3),
  }
  const seen = new Set<string>()
  const options = { scale: [1, 1], crop: [1, 2], flip: true } as const
  for (let seed = 0; seed < 60; seed++) seen.add(augment(sample, options, random(seed)).labels.join())
  expect([...seen].sort()).toEqual(['0,1', '1,0', '1,2', '2,1', '2,3', '3,2'])

  const widths = new Set<number>()
  const wide = { scale: [0.5, 2], crop: [1, 8], flip: false } as const
  for (let seed = 0; seed < 100; seed++) {
    widths.add(augment(sample, wide, random(seed)).labels.filter((label) => label !== 255).length)
  }
  expect([...widths].sort()).toEqual([2, 3, 4, 5, 6, 7, 8])
})

describe('evaluation', () => {
  test('keeps every pixel and pads below and on the right', () => {
    const sample = sampleOf(2, 3, 5)
    const { image, labels } = evaluationInput(sample, [3, 5])
    const { labels: l } = sample
    expect([...labels]).toEqual([
      l[0],
      l[1],
      l[2],
      255,
      255,
      l[3],
      l[4],
      l[5],
      255,
      255,
      ...Array(5).fill(255),
    ])
    expect(image[15 + 6]).toBeCloseTo((sample.image[(3 + 1) * 3 + 1]! - MEAN[1]!) / DEVIATION[1]!, 5)
    expect([image[3], image[14], image[29], image[44]]).toEqual([0, 0, 0, 0])
  })

  test('refuses an image larger than the evaluation size', () => {
    expect(() => evaluationInput(sampleOf(4, 4, 1), [4, 3])).toThrow(
      'image s is 4x4, larger than the evaluation size 4x3',
    )
  })
})
