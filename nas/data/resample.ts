import { DEVIATION, MEAN } from './augment.ts'
import type { Pixels } from './decode.ts'

/** The source pixels that make up one output row or column: `weights` from `first` on. Their sum is 1, or 0 where there is no image. */
interface Taps {
  readonly first: number
  readonly weights: readonly number[]
}

/** One axis of the output. */
export type Axis = readonly Taps[]

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
  return Array.from({ length: size }, (_, i) => {
    const centre = start + (i + 0.5) * step
    if (centre < from || centre >= to) return { first: from, weights: [] }
    const first = Math.max(from, Math.ceil(centre - reach - 0.5))
    const last = Math.min(to - 1, Math.floor(centre + reach - 0.5))
    const tent = Array.from({ length: last - first + 1 }, (_, tap) =>
      Math.max(0, 1 - Math.abs(first + tap + 0.5 - centre) / reach),
    )
    const sum = tent.reduce((total, weight) => total + weight, 0)
    return { first, weights: tent.map((weight) => weight / sum) }
  })
}

/** @returns 3 x rows x columns, normalised; 0 (the mean colour) where there is no image */
export function resample({ width, data }: Pixels, rows: Axis, columns: Axis): Float32Array {
  const top = Math.min(...rows.map(({ first }) => first))
  const bottom = Math.max(...rows.map(({ first, weights }) => first + weights.length))
  const narrowed = new Float32Array((bottom - top) * columns.length * 3)
  let out = 0
  for (let y = top; y < bottom; y++) {
    for (const { first, weights } of columns) {
      let red = 0
      let green = 0
      let blue = 0
      let i = (y * width + first) * 3
      for (const weight of weights) {
        red += weight * data[i++]!
        green += weight * data[i++]!
        blue += weight * data[i++]!
      }
      narrowed[out++] = red
      narrowed[out++] = green
      narrowed[out++] = blue
    }
  }

  const stride = columns.length * 3
  const plane = rows.length * columns.length
  const image = new Float32Array(3 * plane)
  const row = new Float64Array(stride)
  for (const [y, { first, weights }] of rows.entries()) {
    if (weights.length === 0) continue
    row.fill(0)
    for (const [tap, weight] of weights.entries()) {
      const start = (first + tap - top) * stride
      for (let i = 0; i < stride; i++) row[i]! += weight * narrowed[start + i]!
    }
    for (const [x, { weights: across }] of columns.entries()) {
      if (across.length === 0) continue
      for (let channel = 0; channel < 3; channel++) {
        image[channel * plane + y * columns.length + x] =
          (row[x * 3 + channel]! - MEAN[channel]!) / DEVIATION[channel]!
      }
    }
  }
  return image
}
