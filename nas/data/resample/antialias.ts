import type { Pixels } from '../dataset.ts'
import { type Axis, isInside } from './axis.ts'
import { CHANNELS } from './normalise.ts'

/** The source pixels of every output of an axis, and their weights. */
interface Taps {
  /** Source pixels of one output. */
  readonly count: number
  /** The first of them, for each output. */
  readonly first: Int32Array
  /** size x count; those of an output sum to 1, those of padding are 0. */
  readonly weights: Float64Array
}

/** A triangle around each centre that reaches one pixel far, or one step where the image is made smaller. */
function triangleTaps({ extent: { from, to }, step, centres }: Axis): Taps {
  const reach = Math.max(1, step)
  const count = Math.min(to - from, Math.ceil(2 * reach))
  const first = new Int32Array(centres.length)
  const weights = new Float64Array(centres.length * count)
  for (const [i, centre] of centres.entries()) {
    first[i] = Math.min(Math.max(from, Math.floor(centre - reach + 0.5)), to - count)
    if (!isInside(centre, { from, to })) continue
    const own = weights.subarray(i * count, (i + 1) * count)
    let sum = 0
    for (let tap = 0; tap < count; tap++) {
      own[tap] = Math.max(0, 1 - Math.abs(first[i]! + tap + 0.5 - centre) / reach)
      sum += own[tap]!
    }
    for (let tap = 0; tap < count; tap++) own[tap]! /= sum
  }
  return { count, first, weights }
}

/**
 * Bilinear resampling with antialiasing: where an axis makes the image smaller, outputs average over its step (Pillow's
 * `BILINEAR`, PyTorch's `interpolate(antialias=True)`).
 * @returns 3 x rows x columns, normalised; 0 (the mean colour) for padding
 */
export function antialias(image: Pixels, rows: Axis, columns: Axis): Float32Array {
  const { first, count, weights } = triangleTaps(rows)
  const top = first.reduce((least, row) => Math.min(least, row))
  const bottom = first.reduce((most, row) => Math.max(most, row)) + count
  const width = columns.centres.length
  const narrowed = resampleColumns(image, columns, top, bottom)
  const stride = width * 3
  const plane = first.length * width
  const result = new Float32Array(3 * plane)
  const row = new Float64Array(stride)
  const isColumnInside = columns.centres.map((centre) => Number(isInside(centre, columns.extent)))
  for (let y = 0; y < first.length; y++) {
    if (!isInside(rows.centres[y]!, rows.extent)) continue
    row.fill(0)
    for (let tap = 0; tap < count; tap++) {
      const weight = weights[y * count + tap]!
      if (weight === 0) continue
      const start = (first[y]! + tap - top) * stride
      for (let i = 0; i < stride; i++) row[i]! += weight * narrowed[start + i]!
    }
    for (const [channel, { mean, gain }] of CHANNELS.entries()) {
      const out = channel * plane + y * width
      for (let x = 0; x < width; x++)
        if (isColumnInside[x]) result[out + x] = (row[x * 3 + channel]! - mean) * gain
    }
  }
  return result
}

/** Rows `top`, …, `bottom - 1` of the image with the columns of the output. */
function resampleColumns({ width, data }: Pixels, columns: Axis, top: number, bottom: number): Float32Array {
  const { count, first, weights } = triangleTaps(columns)
  const result = new Float32Array((bottom - top) * first.length * 3)
  let out = 0
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < first.length; x++) {
      let red = 0
      let green = 0
      let blue = 0
      let pixel = (y * width + first[x]!) * 3
      for (let tap = 0; tap < count; tap++, pixel += 3) {
        const weight = weights[x * count + tap]!
        red += weight * data[pixel]!
        green += weight * data[pixel + 1]!
        blue += weight * data[pixel + 2]!
      }
      result[out++] = red
      result[out++] = green
      result[out++] = blue
    }
  }
  return result
}
