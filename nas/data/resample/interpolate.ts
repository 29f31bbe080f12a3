import type { Pixels } from '../dataset.ts'
import { type Axis, isInside } from './axis.ts'
import { CHANNELS } from './normalise.ts'

/** The two pixels that an output lies between, and the weight of the second. */
interface Taps {
  readonly low: Int32Array
  readonly high: Int32Array
  readonly weight: Float64Array
}

/**
 * Bilinear interpolation at the centres, without antialiasing: two source pixels by axis at any scale (PyTorch's
 * `interpolate(mode='bilinear')`, OpenCV's `INTER_LINEAR`).
 * @returns 3 x rows x columns, normalised; 0 (the mean colour) for padding
 */
export function interpolate(image: Pixels, rows: Axis, columns: Axis): Float32Array {
  const source = image.data
  const plane = rows.centres.length * columns.centres.length
  const result = new Float32Array(3 * plane)
  const vertical = tapsOf(rows, image.width * 3)
  const { low, high, weight } = tapsOf(columns, 3)
  forEachRow(rows, columns, (y, out, [first, end]) => {
    const mix = vertical.weight[y]!
    for (const [channel, { mean, gain }] of CHANNELS.entries()) {
      const upper = vertical.low[y]! + channel
      const lower = vertical.high[y]! + channel
      for (let x = first; x < end; x++) {
        const left = low[x]!
        const right = high[x]!
        const w = weight[x]!
        const above = source[upper + left]! * (1 - w) + source[upper + right]! * w
        const below = source[lower + left]! * (1 - w) + source[lower + right]! * w
        result[channel * plane + out + x] = (above + (below - above) * mix - mean) * gain
      }
    }
  })
  return result
}

/** Labels [rows, columns], each of the source pixel that holds the centre. @param padding the label of padding */
export function nearest({ width, data }: Pixels, rows: Axis, columns: Axis, padding: number): Int32Array {
  const result = new Int32Array(rows.centres.length * columns.centres.length).fill(padding)
  const at = ({ centres, extent }: Axis, i: number) => Math.min(Math.floor(centres[i]!), extent.to - 1)
  const column = new Int32Array(columns.centres.map((_, x) => at(columns, x)))
  forEachRow(rows, columns, (y, out, [first, end]) => {
    const row = at(rows, y) * width
    for (let x = first; x < end; x++) result[out + x] = data[row + column[x]!]!
  })
  return result
}

function tapsOf({ centres, extent: { from, to } }: Axis, stride: number): Taps {
  const positions = centres.map((centre) => Math.min(Math.max(centre - 0.5, from), to - 1))
  const low = positions.map(Math.floor)
  return {
    low: new Int32Array(low.map((pixel) => pixel * stride)),
    high: new Int32Array(low.map((pixel) => Math.min(pixel + 1, to - 1) * stride)),
    weight: positions.map((position, i) => position - low[i]!),
  }
}

/** @param visit called with each row inside the image, where it starts in a plane, and the columns that are inside */
function forEachRow(
  rows: Axis,
  columns: Axis,
  visit: (y: number, out: number, columns: readonly [first: number, end: number]) => void,
): void {
  const inside = (centre: number) => isInside(centre, columns.extent)
  const range = [columns.centres.findIndex(inside), columns.centres.findLastIndex(inside) + 1] as const
  if (range[1] === 0) return
  for (const [y, centre] of rows.centres.entries())
    if (isInside(centre, rows.extent)) visit(y, y * columns.centres.length, range)
}
