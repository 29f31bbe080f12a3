import { rowsOf } from '../../boxes/boxes.ts'
import type { AugmentOptions } from '../../data/augment.ts'
import type { BatchOptions } from '../../data/batches.ts'
import type { SampleRef } from '../../data/dataset.ts'
import { augmentBoxes } from '../../data/detection/augment.ts'
import { trainBoxes } from '../../data/detection/batches.ts'
import { isClear } from '../../data/detection/count-boxes.ts'
import type { DetectionDataset, LabelledBox } from '../../data/detection/dataset.ts'
import type { Random } from '../../random.ts'
import { int32, type Tensors } from '../../tensor.ts'
import { packTruths, type Truth } from './truth.ts'

/** What is to be learnt of an image. */
function truthOf(boxes: readonly LabelledBox[]): Truth {
  const learnt = boxes.filter(isClear)
  return { boxes: rowsOf(learnt.map(({ box }) => box)), labels: learnt.map(({ label }) => label) }
}

/** `image` [N,3,H,W], `truths` and `draw` of a detector's step. @param refs the training images, or one half of them */
export async function trainDetection(
  dataset: Pick<DetectionDataset, 'load'>,
  refs: readonly SampleRef[],
  options: BatchOptions,
): Promise<Tensors> {
  const { image, boxes } = await trainBoxes(dataset, refs, options)
  return { image, truths: packTruths(boxes.map(truthOf)), draw: int32([1], [options.step]) }
}

export interface DetectionView {
  /** [3,H,W], normalised. */
  readonly image: Float32Array
  readonly truth: Truth
}

/** A variation of a training image. */
export async function viewOf(
  dataset: Pick<DetectionDataset, 'load'>,
  ref: SampleRef,
  augmentation: AugmentOptions,
  rng: Random,
): Promise<DetectionView> {
  const { image, boxes } = augmentBoxes(await dataset.load(ref), augmentation, rng)
  return { image, truth: truthOf(boxes) }
}
