import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Pixels } from '../../../../nas/data/dataset.ts'
import { antialias } from '../../../../nas/data/resample/antialias.ts'
import { axis, mirrored } from '../../../../nas/data/resample/axis.ts'
import { random } from '../../../../nas/random.ts'

const MEAN = [123.675, 116.28, 103.53]
const DEVIATION = [58.395, 57.12, 57.375]

function pixelsOf(height: number, width: number, seed = 0): Pixels {
  const rng = random(seed, 'pixels')
  return { height, width, data: Uint8Array.from({ length: height * width * 3 }, () => rng.integer(256)) }
}

const whole = (source: number, size: number) => axis({ from: 0, to: source }, 0, source / size, size)

/** Colours 0..255 again, planes one after the other. */
const colours = (image: Float32Array): number[] =>
  Array.from(image, (value, i) => {
    const channel = Math.floor((i * 3) / image.length)
    return value * DEVIATION[channel]! + MEAN[channel]!
  })

const close = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 2)
}

// Pillow 9.4.0, `Image.resize(size, BILINEAR)` of the channels as mode F.
test('an image is made smaller, or a part of it larger, as Pillow does it', () => {
  const data = Uint8Array.of(
    ...[172, 47, 117, 192, 67, 251, 195, 103, 9, 211, 21, 242, 36, 87, 70, 216, 88, 140, 58, 193, 230],
    ...[39, 87, 174, 88, 81, 165, 25, 77, 72, 9, 148, 115, 208, 243, 197, 254, 79, 175, 192, 82, 99],
    ...[216, 177, 243, 29, 147, 147, 142, 167, 32, 193, 9, 185, 127, 32, 31, 202, 244, 151, 163, 254, 203],
    ...[114, 183, 28, 34, 128, 128, 164, 53, 133, 38, 232, 244, 17, 79, 132, 105, 42, 186, 31, 120, 1],
    ...[65, 231, 169, 57, 35, 102, 119, 11, 174, 82, 91, 128, 142, 99, 53, 140, 121, 170, 84, 203, 68],
  )
  const image = { height: 5, width: 7, data }
  close(colours(antialias(image, whole(5, 3), whole(7, 3))), [
    ...[130.429, 128.126, 164.286, 99.429, 119.098, 158.159, 80.551, 89.471, 94.408],
    ...[73.878, 98.118, 120.969, 137.524, 103.569, 155.19, 113.449, 99.983, 116.52],
    ...[150, 136.697, 155.184, 140.722, 129.614, 137.905, 120.786, 147.479, 108.439],
  ])
  const rows = axis({ from: 1, to: 3 }, 1, 0.5, 4)
  const columns = axis({ from: 2, to: 5 }, 2, 0.75, 4)
  close(colours(antialias(image, rows, columns)), [
    ...[25, 15, 83.625, 208, 54.25, 54.719, 104.781, 187.75, 112.75, 134.156, 147.094, 147.25],
    ...[142, 173.875, 168.25, 127, 77, 121.375, 183.625, 243, 99.5, 108.094, 142.125, 190.25],
    ...[144.5, 81.531, 59.125, 84.75, 167, 68.25, 17.625, 32, 72, 98.875, 145.75, 197],
    ...[62, 106.062, 141.125, 155.5, 42, 120.438, 131.875, 72.5, 32, 127.625, 127.25, 31],
  ])
})

test('every output inside averages pixels of the extent alone, and every other is padding', () => {
  const axes = fc.record({
    from: fc.nat(5),
    length: fc.integer({ min: 1, max: 12 }),
    start: fc.double({ min: -6, max: 20, noNaN: true }),
    step: fc.double({ min: 0.1, max: 7, noNaN: true }),
  })
  fc.assert(
    fc.property(axes, ({ from, length, start, step }) => {
      const to = from + length
      const width = to + 3
      const isOwn = (x: number) => x >= from && x < to
      const data = Uint8Array.from({ length: width * 3 }, (_, i) => (isOwn(Math.floor(i / 3)) ? 100 : 255))
      const columns = axis({ from, to }, start, step, 6)
      const image = antialias({ height: 1, width, data }, whole(1, 1), columns)
      const values = colours(image).slice(0, 6)
      for (let i = 0; i < 6; i++) {
        const centre = start + (i + 0.5) * step
        expect(values[i]).toBeCloseTo(centre >= from && centre < to ? 100 : MEAN[0]!, 3)
      }
    }),
  )
})

test('a slope stays that slope, however it is resampled', () => {
  const width = 40
  const data = Uint8Array.from({ length: width * 3 }, (_, i) => Math.floor(i / 3) * 6)
  fc.assert(
    fc.property(fc.double({ min: 0.2, max: 3, noNaN: true }), (step) => {
      const start = 10
      const size = 5
      const columns = axis({ from: 0, to: width }, start, step, size)
      const [first, ...rest] = colours(antialias({ height: 1, width, data }, whole(1, 1), columns))
      for (let i = 1; i < size; i++)
        expect(rest[i - 1]! - first!).toBeCloseTo(6 * step * i, step < 1 ? 2 : -1)
    }),
  )
})

test('at its own size an image keeps every pixel; mirrored twice it is itself', () => {
  const image = pixelsOf(4, 5)
  const straight = antialias(image, whole(4, 4), whole(5, 5))
  const byChannel = [0, 1, 2].flatMap((channel) => [...image.data].filter((_, i) => i % 3 === channel))
  close(colours(straight), byChannel)

  const mirror = antialias(image, whole(4, 4), mirrored(whole(5, 5)))
  const back = Array.from(mirror, (_, i) => mirror[i - (i % 5) + 4 - (i % 5)]!)
  expect(mirror).not.toEqual(straight)
  expect(Float32Array.from(back)).toEqual(straight)
})

test('where there is no image there is the mean colour', () => {
  const beyond = axis({ from: 0, to: 2 }, -1, 1, 4)
  const image = antialias(pixelsOf(2, 2), beyond, beyond)
  for (const [i, value] of image.entries()) {
    const y = Math.floor((i % 16) / 4)
    const x = i % 4
    const isPadding = y === 0 || y === 3 || x === 0 || x === 3
    expect(value === 0).toBe(isPadding)
  }
})
