import { DEVIATION, MEAN } from './augment.ts'
import type { Pixels } from './dataset.ts'

/** For every row or column of the output, the source pixels that make it up. */
export interface Axis {
  readonly size: number
  /** Pixels that count for one output. */
  readonly taps: number
  /** The first of them, for each output. */
  readonly first: Int32Array
  /** size x taps; those of an output sum to 1. */
  readonly weights: Float64Array
  /** 1 for outputs that lie in the image, 0 for those beyond it. */
  readonly inside: Uint8Array
}

/** Source pixels `from`, …, `to - 1`. */
export interface Extent {
  readonly from: number
  readonly to: number
}

/**
 * Output i is centred on source position `start + (i + 1/2) step`, in pixels: bilinear, and averaging over `step` pixels where that
 * makes the image smaller, so that nothing aliases (Pillow's `BILINEAR`).
 * @param extent the source pixels that may be looked at
 */
export function axis({ from, to }: Extent, start: number, step: number, size: number): Axis {
  const reach = Math.max(1, step)
  const taps = Math.min(to - from, Math.ceil(2 * reach))
  const first = new Int32Array(size)
  const weights = new Float64Array(size * taps)
  const inside = new Uint8Array(size)
  for (let i = 0; i < size; i++) {
    const centre = start + (i + 0.5) * step
    first[i] = Math.min(Math.max(from, Math.floor(centre - reach + 0.5)), to - taps)
    if (centre < from || centre >= to) continue
    inside[i] = 1
    const own = weights.subarray(i * taps, (i + 1) * taps)
    let sum = 0
    for (let tap = 0; tap < taps; tap++) {
      own[tap] = Math.max(0, 1 - Math.abs(first[i]! + tap + 0.5 - centre) / reach)
      sum += own[tap]!
    }
    for (let tap = 0; tap < taps; tap++) own[tap]! /= sum
  }
  return { size, taps, first, weights, inside }
}

/**
 * @param mirror left to right
 * @returns 3 x rows x columns, normalised; 0 (the mean colour) where there is no image
 */
export function resample(image: Pixels, rows: Axis, columns: Axis, mirror = false): Float32Array {
  const top = rows.first.reduce((least, first) => Math.min(least, first))
  const bottom = rows.first.reduce((most, first) => Math.max(most, first)) + rows.taps
  const narrowed = narrow(image, columns, top, bottom)
  const stride = columns.size * 3
  const plane = rows.size * columns.size
  const result = new Float32Array(3 * plane)
  const row = new Float64Array(stride)
  for (let y = 0; y < rows.size; y++) {
    if (!rows.inside[y]) continue
    row.fill(0)
    for (let tap = 0; tap < rows.taps; tap++) {
      const weight = rows.weights[y * rows.taps + tap]!
      if (weight === 0) continue
      const start = (rows.first[y]! + tap - top) * stride
      for (let i = 0; i < stride; i++) row[i]! += weight * narrowed[start + i]!
    }
    for (let channel = 0; channel < 3; channel++) {
      const mean = MEAN[channel]!
      const gain = 1 / DEVIATION[channel]!
      const out = channel * plane + y * columns.size
      for (let x = 0; x < columns.size; x++) {
        if (!columns.inside[x]) continue
        result[out + (mirror ? columns.size - 1 - x : x)] = (row[x * 3 + channel]! - mean) * gain
      }
    }
  }
  return result
}

/** Rows `top`, …, `bottom - 1` of the image with the columns of the output. */
function narrow({ width, data }: Pixels, columns: Axis, top: number, bottom: number): Float32Array {
  const { size, taps, first, weights } = columns
  const result = new Float32Array((bottom - top) * size * 3)
  let out = 0
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < size; x++) {
      let red = 0
      let green = 0
      let blue = 0
      let pixel = (y * width + first[x]!) * 3
      for (let tap = 0; tap < taps; tap++, pixel += 3) {
        const weight = weights[x * taps + tap]!
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
