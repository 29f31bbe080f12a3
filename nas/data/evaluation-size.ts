import { SIZE_STEP } from './augment.ts'
import type { SampleRef, SegmentationDataset } from './dataset.ts'

type Size = readonly [height: number, width: number]

/** Height and width that hold all of these images: networks are compiled for one size. */
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
