import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Pixels } from '../../../../nas/data/dataset.ts'
import { axis, mirrored, scaledAxis } from '../../../../nas/data/resample/axis.ts'
import { interpolate, nearest } from '../../../../nas/data/resample/interpolate.ts'
import { random } from '../../../../nas/random.ts'

const MEAN = [123.675, 116.28, 103.53]
const DEVIATION = [58.395, 57.12, 57.375]

const pixelsOf = (height: number, width: number, channels: number, seed = 0): Pixels => {
  const rng = random(seed, 'pixels')
  return {
    height,
    width,
    data: Uint8Array.from({ length: height * width * channels }, () => rng.integer(256)),
  }
}

interface Grid {
  readonly from: number
  readonly length: number
  readonly start: number
  readonly step: number
}

const grid: fc.Arbitrary<Grid> = fc.record({
  from: fc.nat(3),
  length: fc.integer({ min: 1, max: 8 }),
  start: fc.double({ min: -4, max: 12, noNaN: true }),
  step: fc.double({ min: 0.1, max: 5, noNaN: true }),
})

/** The source position of output i, in [from, to - 1], or undefined for padding. */
const positionOf = ({ from, length, start, step }: Grid, i: number) => {
  const centre = start + (i + 0.5) * step
  if (centre < from || centre >= from + length) return undefined
  return { centre, exact: Math.min(Math.max(centre - 0.5, from), from + length - 1) }
}

test('an output is the tent-weighted mean of the four pixels around it, and padding beyond the extent', () => {
  fc.assert(
    fc.property(grid, grid, fc.nat(1000), (rows, columns, seed) => {
      const image = pixelsOf(12, 12, 3, seed)
      const axisOf = ({ from, length, start, step }: Grid) =>
        axis({ from, to: from + length }, start, step, 5)
      const result = interpolate(image, axisOf(rows), axisOf(columns))
      const labels = nearest(
        { ...image, data: pixelsOf(12, 12, 1, seed).data },
        axisOf(rows),
        axisOf(columns),
        999,
      )
      for (let i = 0; i < 25; i++) {
        const [row, column] = [positionOf(rows, Math.floor(i / 5)), positionOf(columns, i % 5)]
        const inside = row && column
        const label =
          inside && pixelsOf(12, 12, 1, seed).data[Math.floor(row.centre) * 12 + Math.floor(column.centre)]
        expect(labels[i]).toBe(label ?? 999)
        for (let channel = 0; channel < 3; channel++) {
          let expected = 0
          if (inside)
            for (const [pixel, value] of image.data.entries()) {
              const [y, x] = [Math.floor(pixel / 36), Math.floor(pixel / 3) % 12]
              const tent =
                Math.max(0, 1 - Math.abs(y - row.exact)) * Math.max(0, 1 - Math.abs(x - column.exact))
              if (pixel % 3 === channel) expected += (tent * (value - MEAN[channel]!)) / DEVIATION[channel]!
            }
          expect(result[channel * 25 + i]).toBeCloseTo(expected, 4)
        }
      }
    }),
    { numRuns: 60 },
  )
})

test('a mirrored axis gives the same columns in reverse', () => {
  const image = pixelsOf(6, 9, 3)
  const rows = scaledAxis(6, 8, -1, 10)
  const columns = scaledAxis(9, 7, -2, 11)
  const straight = interpolate(image, rows, columns)
  const mirror = interpolate(image, rows, mirrored(columns))
  expect(mirror).not.toEqual(straight)
  expect(mirror.map((_, i) => mirror[i - (i % 11) + 10 - (i % 11)]!)).toEqual(straight)
})
