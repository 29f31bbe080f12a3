import { SIZE_STEP } from '../nas/data/augment.ts'
import type { SegmentationDataset } from '../nas/data/dataset.ts'

/**
 * Height and width that hold every validation image: networks are compiled for one size. One more than a multiple of
 * `SIZE_STEP`.
 */
export async function evaluationSize({ validation, load }: SegmentationDataset): Promise<[number, number]> {
  let [height, width] = [0, 0]
  for (const ref of validation) {
    const sample = await load(ref)
    height = Math.max(height, sample.height)
    width = Math.max(width, sample.width)
  }
  const rounded = (length: number) => Math.ceil((length - 1) / SIZE_STEP) * SIZE_STEP + 1
  return [rounded(height), rounded(width)]
}
