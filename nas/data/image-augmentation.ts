import type { Random } from '../random.ts'
import type { Pixels } from './dataset.ts'
import { type CropOptions, randomCrop } from './random-crop.ts'
import { antialias } from './resample/antialias.ts'
import { axis, mirrored } from './resample/axis.ts'

/** How a training image is cropped and scaled to the input size of a network. */
export type ImageAugmentation =
  /** For small images, as on CIFAR (He et al. 2016, section 4.2): the whole image, padded, then cropped at random. */
  | { readonly kind: 'crop'; readonly padding: number; readonly flip: boolean }
  /** For photographs (Szegedy et al. 2015, section 6): a random resized crop. */
  | ({ readonly kind: 'googlenet'; readonly flip: boolean } & CropOptions)

/** A training input: 3 x size x size, normalised; 0 (the mean colour) for padding. */
export function augmentImage(
  image: Pixels,
  size: number,
  augmentation: ImageAugmentation,
  rng: Random,
): Float32Array {
  const [rows, columns] =
    augmentation.kind === 'crop'
      ? paddedCrop(image, size, augmentation.padding, rng)
      : randomCrop(image, augmentation, rng).map(({ from, to }) =>
          axis({ from, to }, from, (to - from) / size, size),
        )
  return antialias(image, rows!, augmentation.flip && rng.uniform() < 0.5 ? mirrored(columns!) : columns!)
}

/** 256 / 224: on ImageNet, images are resized to 256 and validated on their centre of 224. */
const MARGIN = 8 / 7

/** Between which lengths the shorter side of an image is brought before its centre of `size` is cropped. */
export const resizedSide = (size: number): readonly [least: number, most: number] => [
  size,
  Math.round(size * MARGIN),
]

/**
 * The centre crop of a validation image: 3 x size x size, normalised. The shorter side is first resized to 8/7 of `size`; an
 * image between `size` and that is not resized, a smaller one is enlarged to `size`.
 */
export function centreCrop(image: Pixels, size: number): Float32Array {
  const shorter = Math.min(image.height, image.width)
  const [least, most] = resizedSide(size)
  const target = Math.min(Math.max(shorter, least), most)
  const along = (source: number) => {
    const scaled = Math.round((source * target) / shorter)
    return cropAxis(source, scaled, Math.round((scaled - size) / 2), size)
  }
  return antialias(image, along(image.height), along(image.width))
}

/** The shorter side is resized to `size`, all sides are padded, and a square is cropped at random. */
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
