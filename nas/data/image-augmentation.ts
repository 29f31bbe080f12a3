import type { Random } from '../random.ts'
import type { Pixels } from './dataset.ts'
import { axis, type Extent, resample } from './resample.ts'

/** How a training image comes to the side that a network sees. */
export type ImageAugmentation =
  /** For small images, as on CIFAR (He et al. 2016, section 4.2): the whole image, padded, then cropped at random. */
  | { readonly kind: 'crop'; readonly padding: number; readonly flip: boolean }
  /** For photographs (Szegedy et al. 2015, section 6): a part of random area and shape. */
  | ({ readonly kind: 'googlenet'; readonly flip: boolean } & PartOptions)

interface PartOptions {
  /** [smallest, largest] part of the image that is kept, drawn uniformly. */
  readonly area: readonly [low: number, high: number]
  /** [smallest, largest] width over height of that part, drawn uniformly in its logarithm. */
  readonly ratio: readonly [low: number, high: number]
}

/** A training image: 3 x size x size, normalised; 0 (the mean colour) where there is no image. */
export function augmentImage(
  image: Pixels,
  size: number,
  augmentation: ImageAugmentation,
  rng: Random,
): Float32Array {
  const [rows, columns] =
    augmentation.kind === 'crop'
      ? paddedCrop(image, size, augmentation.padding, rng)
      : randomPart(image, augmentation, rng).map(({ from, to }) =>
          axis({ from, to }, from, (to - from) / size, size),
        )
  return resample(image, rows!, columns!, augmentation.flip && rng.uniform() < 0.5)
}

/** 256 / 224: what ImageNet is validated at is the middle of an image somewhat larger. */
const MARGIN = 8 / 7

/**
 * The middle of a validation image: 3 x size x size, normalised. The shorter side is first brought to 8/7 of `size`; an image
 * between `size` and that keeps its pixels, a smaller one is enlarged to `size`.
 */
export function centreCrop(image: Pixels, size: number): Float32Array {
  const shorter = Math.min(image.height, image.width)
  const target = Math.min(Math.max(shorter, size), Math.round(size * MARGIN))
  const along = (source: number) => {
    const scaled = Math.round((source * target) / shorter)
    return cropAxis(source, scaled, Math.round((scaled - size) / 2), size)
  }
  return resample(image, along(image.height), along(image.width))
}

/** The shorter side is brought to `size`, `padding` added all around, and a square cut out. */
function paddedCrop({ height, width }: Pixels, size: number, padding: number, rng: Random) {
  const shorter = Math.min(height, width)
  return [height, width].map((source) => {
    const scaled = Math.round((source * size) / shorter)
    return cropAxis(source, scaled, rng.integer(scaled + 2 * padding - size + 1) - padding, size)
  })
}

const cropAxis = (source: number, scaled: number, offset: number, size: number) => {
  const step = source / scaled
  return axis({ from: 0, to: source }, offset * step, step, size)
}

const ATTEMPTS = 10

/**
 * A rectangle within the image, [rows, columns]. Where ten draws all reach out of it, the middle: as large as the range of
 * shapes allows.
 */
export function randomPart(
  { height, width }: Pick<Pixels, 'height' | 'width'>,
  { area, ratio }: PartOptions,
  rng: Random,
): readonly [rows: Extent, columns: Extent] {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pixels = height * width * (area[0] + (area[1] - area[0]) * rng.uniform())
    const shape = ratio[0] * (ratio[1] / ratio[0]) ** rng.uniform()
    const rows = Math.max(1, Math.round(Math.sqrt(pixels / shape)))
    const columns = Math.max(1, Math.round(Math.sqrt(pixels * shape)))
    if (rows > height || columns > width) continue
    return [extent(rng.integer(height - rows + 1), rows), extent(rng.integer(width - columns + 1), columns)]
  }
  const rows = Math.max(1, Math.min(height, Math.round(width / ratio[0])))
  const columns = Math.max(1, Math.min(width, Math.round(height * ratio[1])))
  return [extent(Math.floor((height - rows) / 2), rows), extent(Math.floor((width - columns) / 2), columns)]
}

const extent = (from: number, length: number): Extent => ({ from, to: from + length })
