import { random } from '../../random.ts'
import { float32, type Tensor } from '../../tensor.ts'
import { type BatchOptions, batchIndices } from '../batches.ts'
import type { SampleRef } from '../dataset.ts'
import { mapImages } from '../map-images.ts'
import { augmentBoxes } from './augment.ts'
import type { DetectionDataset, LabelledBox } from './dataset.ts'

export interface DetectionBatch {
  /** [N,3,H,W] at crop size. */
  readonly image: Tensor
  /** Of each image, in pixels of the crop. */
  readonly boxes: readonly (readonly LabelledBox[])[]
}

/**
 * The training batch of a step. A pure function of the images, (seed, step) and the augmentation, so that a resumed job trains on
 * the same batches.
 * @param refs the training images, or one half of them
 */
export async function trainBoxes(
  dataset: Pick<DetectionDataset, 'load'>,
  refs: readonly SampleRef[],
  options: BatchOptions,
): Promise<DetectionBatch> {
  const { batch, seed, step, crop } = options
  const plane = 3 * crop[0] * crop[1]
  const image = new Float32Array(batch * plane)
  const boxes = await mapImages(batchIndices(refs.length, options), async (index, i) => {
    const sample = await dataset.load(refs[index]!)
    const input = augmentBoxes(sample, options, random(seed, 'augment', step, i))
    image.set(input.image, i * plane)
    return input.boxes
  })
  return { image: float32([batch, 3, ...crop], image), boxes }
}
