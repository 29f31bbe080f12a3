import type { Box } from '../../boxes/boxes.ts'
import type { Random } from '../../random.ts'
import { type AugmentOptions, randomOffset } from '../augment.ts'
import { antialias } from '../resample/antialias.ts'
import { mirrored, scaledAxis } from '../resample/axis.ts'
import { areaOf, clipped, type Size, transformed } from './box.ts'
import type { DetectionSample, LabelledBox } from './dataset.ts'

/** One input of a network. */
export interface DetectionInput {
  /** 3 x H x W, normalised; 0 (the mean colour) for padding. */
  readonly image: Float32Array
  /** In pixels of the input. */
  readonly boxes: readonly LabelledBox[]
}

/** By what the height and the width of an image were multiplied: they are rounded to pixels, so that both differ a little. */
export type Scales = readonly [vertical: number, horizontal: number]

/** Pixels; a box with a shorter side is too small to be found. */
const LEAST_SIDE = 1

/**
 * Large-scale jitter (Ghiasi et al. 2021, section 3): random scale, crop and flip. An image smaller than the crop is placed in it at
 * random. A scale of 1 makes it fit the crop. A box goes where its centre is cut off, and is clipped otherwise.
 */
export function augmentBoxes(
  sample: DetectionSample,
  { scale, crop, flip }: AugmentOptions,
  rng: Random,
): DetectionInput {
  const factor = scale[0] + (scale[1] - scale[0]) * rng.uniform()
  const scaled = scaledToFit(sample, crop, factor)
  const top = randomOffset(scaled.height - crop[0], rng)
  const left = randomOffset(scaled.width - crop[1], rng)
  const isFlipped = flip && rng.uniform() < 0.5
  const rows = scaledAxis(sample.height, scaled.height, top, crop[0])
  const columns = scaledAxis(sample.width, scaled.width, left, crop[1])
  const scales = scalesOf(sample, scaled)
  const place = (box: Box): Box => {
    const moved = transformed(box, scales, [-top, -left])
    return isFlipped ? [crop[1] - moved[2], moved[1], crop[1] - moved[0], moved[3]] : moved
  }
  return {
    image: antialias(pixelsOf(sample), rows, isFlipped ? mirrored(columns) : columns),
    boxes: sample.boxes.flatMap((each) => cropped(each, place(each.box), crop)),
  }
}

/**
 * The whole image, resized to fit [height, width] and padded at the bottom and on the right.
 * @returns with the boxes in pixels of the input, all of them; `boxInImage` takes what is found there back
 */
export function evaluationBoxes(
  sample: DetectionSample,
  size: readonly [height: number, width: number],
): DetectionInput & { readonly scales: Scales } {
  const scaled = scaledToFit(sample, size, 1)
  const scales = scalesOf(sample, scaled)
  return {
    image: antialias(
      pixelsOf(sample),
      scaledAxis(sample.height, scaled.height, 0, size[0]),
      scaledAxis(sample.width, scaled.width, 0, size[1]),
    ),
    boxes: sample.boxes.map((each) => moved(each, transformed(each.box, scales, [0, 0]))),
    scales,
  }
}

/** A box of an evaluation input in pixels of the image, clipped to it. */
export const boxInImage = (box: Box, [vertical, horizontal]: Scales, image: Size): Box =>
  clipped(transformed(box, [1 / vertical, 1 / horizontal], [0, 0]), image)

/** The size of an image that fits, times a factor. */
function scaledToFit({ height, width }: Size, [high, wide]: readonly [number, number], factor: number): Size {
  const scale = Math.min(high / height, wide / width) * factor
  return { height: Math.max(1, Math.round(height * scale)), width: Math.max(1, Math.round(width * scale)) }
}

const scalesOf = (from: Size, to: Size): Scales => [to.height / from.height, to.width / from.width]

function cropped(
  each: LabelledBox,
  box: Box,
  [height, width]: readonly [number, number],
): readonly LabelledBox[] {
  const [left, top, right, bottom] = box
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  if (x < 0 || x >= width || y < 0 || y >= height) return []
  const inside = clipped(box, { height, width })
  if (inside[2] - inside[0] < LEAST_SIDE || inside[3] - inside[1] < LEAST_SIDE) return []
  return [moved(each, inside)]
}

/** Of what is left of a thing, as much belongs to it as did of the whole. */
const moved = (each: LabelledBox, box: Box): LabelledBox => ({
  ...each,
  box,
  area: (each.area * areaOf(box)) / areaOf(each.box),
})

const pixelsOf = ({ height, width, image }: DetectionSample) => ({ height, width, data: image })
