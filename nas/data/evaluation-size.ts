import { SIZE_STEP } from './augment.ts'
import type { SampleRef, SegmentationDataset } from './dataset.ts'

export type Size = readonly [height: number, width: number]

interface Sized {
  readonly height: number
  readonly width: number
}

/** Height and width that hold all of these images: the validation images of a run are scored at one size. */
export async function evaluationSize(
  { load }: Pick<SegmentationDataset, 'load'>,
  refs: readonly SampleRef[],
): Promise<Size> {
  let [height, width] = [0, 0]
  for (const ref of refs) {
    const sample = await load(ref)
    height = Math.max(height, sample.height)
    width = Math.max(width, sample.width)
  }
  return sizeThatHolds(height, width)
}

/** One more than a multiple of `SIZE_STEP`. */
export const sizeThatHolds = (height: number, width: number): Size => {
  const rounded = (length: number) => Math.ceil((length - 1) / SIZE_STEP) * SIZE_STEP + 1
  return [rounded(height), rounded(width)]
}

/**
 * The size at which a network judges an image: that of the validation images, and more on a side that is longer. A network with
 * pooling over the whole image sees the padding too, so what it makes of an image depends on this size.
 */
export function paddedSize(validation: Size, { height, width }: Sized): Size {
  const own = sizeThatHolds(height, width)
  return [Math.max(validation[0], own[0]), Math.max(validation[1], own[1])]
}

/** What to say of images that are not all of one size; nothing of others. */
export function severalSizes(validation: readonly Sized[]): string[] {
  if (new Set(validation.map(({ height, width }) => `${height}x${width}`)).size < 2) return []
  const most = (side: keyof Sized) => validation.reduce((max, each) => Math.max(max, each[side]), 0)
  const size = sizeThatHolds(most('height'), most('width')).join('x')
  return [
    `validation images have several sizes: all are scored at ${size}, smaller ones with the mean colour below and on the right; evaluate and predict do likewise`,
  ]
}
