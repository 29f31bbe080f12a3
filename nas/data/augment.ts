import { TrellisError } from '../errors.ts'
import type { Random } from '../random.ts'
import { IGNORE, type Sample } from './dataset.ts'
import { type Axis, mirrored, scaledAxis } from './resample/axis.ts'
import { interpolate, nearest } from './resample/interpolate.ts'

export interface AugmentOptions {
  /** Range from which the scale is drawn uniformly, e.g. [0.5, 2]. */
  readonly scale: readonly [min: number, max: number]
  /** Pixels, [height, width]. */
  readonly crop: readonly [height: number, width: number]
  /** Whether to mirror every second image, left to right. */
  readonly flip: boolean
}

/** One input of a network. */
export interface Input {
  /** 3 x H x W, normalised; 0 (the mean colour) for padding. */
  readonly image: Float32Array
  /** H x W; `IGNORE` for padding. */
  readonly labels: Int32Array
}

/** At sizes one more than a multiple of this, features lie on the corners of the image at any output stride. */
export const SIZE_STEP = 16

/** Random scale, crop and flip. An image smaller than the crop is placed in it at random. */
export function augment(sample: Sample, options: AugmentOptions, rng: Random): Input {
  const { scale, crop, flip } = options
  const factor = scale[0] + (scale[1] - scale[0]) * rng.uniform()
  const height = Math.max(1, Math.round(sample.height * factor))
  const width = Math.max(1, Math.round(sample.width * factor))
  const rows = scaledAxis(sample.height, height, randomOffset(height - crop[0], rng), crop[0])
  const columns = scaledAxis(sample.width, width, randomOffset(width - crop[1], rng), crop[1])
  return inputOf(sample, rows, flip && rng.uniform() < 0.5 ? mirrored(columns) : columns)
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
  return inputOf(
    sample,
    scaledAxis(sample.height, sample.height, 0, height),
    scaledAxis(sample.width, sample.width, 0, width),
  )
}

/** Where the crop starts in the scaled image; negative where the image starts inside the crop. */
export const randomOffset = (slack: number, rng: Random): number =>
  Math.sign(slack) * rng.integer(Math.abs(slack) + 1)

function inputOf({ height, width, image, labels }: Sample, rows: Axis, columns: Axis): Input {
  return {
    image: interpolate({ height, width, data: image }, rows, columns),
    labels: nearest({ height, width, data: labels }, rows, columns, IGNORE),
  }
}
