import { TrellisError } from '../errors.ts'
import type { Random } from '../random.ts'
import { IGNORE, type Sample } from './dataset.ts'

/** Of ImageNet, in 0..255 RGB: what pretrained backbones were trained with. */
export const MEAN = [0.485 * 255, 0.456 * 255, 0.406 * 255] as const
export const DEVIATION = [0.229 * 255, 0.224 * 255, 0.225 * 255] as const

export interface AugmentOptions {
  /** Range from which the scale is drawn uniformly, e.g. [0.5, 2]. */
  readonly scale: readonly [min: number, max: number]
  /** Pixels, [height, width]. */
  readonly crop: readonly [height: number, width: number]
  /** Whether to mirror every second image, left to right. */
  readonly flip: boolean
}

/** One image as a network sees it. */
export interface Input {
  /** 3 x H x W, normalised; 0 (the mean colour) where there is no image. */
  readonly image: Float32Array
  /** H x W; `IGNORE` where there is no image. */
  readonly labels: Int32Array
}

/** Random scale, crop and flip. An image that is smaller than the crop is placed in it at random. */
export function augment(sample: Sample, options: AugmentOptions, rng: Random): Input {
  const { scale, crop, flip } = options
  const factor = scale[0] + (scale[1] - scale[0]) * rng.uniform()
  const height = Math.max(1, Math.round(sample.height * factor))
  const width = Math.max(1, Math.round(sample.width * factor))
  const rows = axis(sample.height, height, crop[0], randomOffset(height - crop[0], rng))
  const columns = axis(sample.width, width, crop[1], randomOffset(width - crop[1], rng))
  return resample(sample, rows, flip && rng.uniform() < 0.5 ? columns.reverse() : columns)
}

/**
 * The whole image at its own scale, padded at the bottom and on the right to [height, width].
 * @throws TrellisError `invalid-config` if the image is larger
 */
export function evaluationInput(sample: Sample, [height, width]: readonly [number, number]): Input {
  if (sample.height > height || sample.width > width) {
    throw new TrellisError(
      'invalid-config',
      `image ${sample.name} is ${sample.height}x${sample.width}, larger than the evaluation size ${height}x${width}`,
      { fix: 'set the evaluation size to the size of the largest validation image' },
    )
  }
  return resample(
    sample,
    axis(sample.height, sample.height, height, 0),
    axis(sample.width, sample.width, width, 0),
  )
}

/** Where the crop starts in the scaled image; negative: where the image starts in the crop. */
const randomOffset = (slack: number, rng: Random): number =>
  Math.sign(slack) * rng.integer(Math.abs(slack) + 1)

/** Where one output row or column is read: `near` for labels, `low` and `high` mixed by `weight` (of `high`) for colours. */
interface Tap {
  readonly near: number
  readonly low: number
  readonly high: number
  readonly weight: number
}

/** A tap for each of `crop` outputs along one axis; undefined beyond the image. Half-pixel centres, as in every image library. */
function axis(source: number, scaled: number, crop: number, offset: number): (Tap | undefined)[] {
  const step = source / scaled
  return Array.from({ length: crop }, (_, i) => {
    const position = i + offset
    if (position < 0 || position >= scaled) return undefined
    const centre = (position + 0.5) * step
    const exact = Math.min(Math.max(centre - 0.5, 0), source - 1)
    const low = Math.floor(exact)
    return {
      near: Math.min(Math.floor(centre), source - 1),
      low,
      high: Math.min(low + 1, source - 1),
      weight: exact - low,
    }
  })
}

/** Bilinear for the image, nearest for the labels; normalises on the way, so that each output is written once. */
function resample(
  sample: Sample,
  rows: readonly (Tap | undefined)[],
  columns: readonly (Tap | undefined)[],
): Input {
  const plane = rows.length * columns.length
  const image = new Float32Array(3 * plane)
  const labels = new Int32Array(plane).fill(IGNORE)
  const first = columns.findIndex((tap) => tap !== undefined)
  const taps = columns.filter((tap) => tap !== undefined)
  const near = Int32Array.from(taps, (tap) => tap.near)
  const low = Int32Array.from(taps, (tap) => tap.low * 3)
  const high = Int32Array.from(taps, (tap) => tap.high * 3)
  const weight = Float64Array.from(taps, (tap) => tap.weight)
  const source = sample.image
  for (const [y, row] of rows.entries()) {
    if (row === undefined) continue
    const start = y * columns.length + first
    const nearRow = row.near * sample.width
    const lowRow = row.low * sample.width * 3
    const highRow = row.high * sample.width * 3
    for (let x = 0; x < taps.length; x++) labels[start + x] = sample.labels[nearRow + near[x]!]!
    for (let channel = 0; channel < 3; channel++) {
      const mean = MEAN[channel]!
      const gain = 1 / DEVIATION[channel]!
      const upper = lowRow + channel
      const lower = highRow + channel
      const out = channel * plane + start
      for (let x = 0; x < taps.length; x++) {
        const left = low[x]!
        const right = high[x]!
        const w = weight[x]!
        const above = source[upper + left]! * (1 - w) + source[upper + right]! * w
        const below = source[lower + left]! * (1 - w) + source[lower + right]! * w
        image[out + x] = (above + (below - above) * row.weight - mean) * gain
      }
    }
  }
  return { image, labels }
}
