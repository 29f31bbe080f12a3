import { random } from '../random.ts'
import { float32, int32, type Tensor } from '../tensor.ts'
import { type AugmentOptions, augment } from './augment.ts'
import type { SegmentationDataset } from './dataset.ts'
import { mapImages } from './map-images.ts'

export interface BatchOptions extends AugmentOptions {
  /** Images in a batch. */
  readonly batch: number
  readonly seed: number
  /** Counted from 0. */
  readonly step: number
}

/**
 * The training batch of a step: image [N,3,H,W] and int32 labels [N,H,W] at crop size.
 * A pure function of the dataset, (seed, step) and the augmentation, so that a resumed job trains on the same batches.
 */
export async function trainBatch(
  dataset: SegmentationDataset,
  options: BatchOptions,
): Promise<{ readonly image: Tensor; readonly labels: Tensor }> {
  const { batch, seed, step, crop } = options
  const plane = crop[0] * crop[1]
  const image = new Float32Array(batch * 3 * plane)
  const labels = new Int32Array(batch * plane)
  const indices = batchIndices(dataset.train.length, options)
  await mapImages(indices, async (index, i) => {
    const sample = await dataset.load(dataset.train[index]!)
    const input = augment(sample, options, random(seed, 'augment', step, i))
    image.set(input.image, i * 3 * plane)
    labels.set(input.labels, i * plane)
  })
  return { image: float32([batch, 3, ...crop], image), labels: int32([batch, ...crop], labels) }
}

/** Which of `count` samples make up a batch: every epoch has another order; a batch may span two epochs. */
export function batchIndices(
  count: number,
  { batch, seed, step }: Pick<BatchOptions, 'batch' | 'seed' | 'step'>,
): number[] {
  const orders = new Map<number, number[]>()
  return Array.from({ length: batch }, (_, i) => {
    const position = step * batch + i
    const epoch = Math.floor(position / count)
    const order = orders.get(epoch) ?? random(seed, 'shuffle', epoch).shuffle([...Array(count).keys()])
    orders.set(epoch, order)
    return order[position % count]!
  })
}

/**
 * Every `stride`-th label in both directions, starting with the first: N x H x W to N x h x w, h = floor((H - 1) / stride) + 1.
 * DPC's features have that size (`scale_dimension`): their corners lie on the corners of the input.
 */
export function subsampleLabels(
  labels: Int32Array,
  height: number,
  width: number,
  stride: number,
): Int32Array {
  const images = labels.length / (height * width)
  const rows = Math.floor((height - 1) / stride) + 1
  const columns = Math.floor((width - 1) / stride) + 1
  const result = new Int32Array(images * rows * columns)
  let out = 0
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y += stride) {
      const row = (n * height + y) * width
      for (let x = 0; x < width; x += stride) result[out++] = labels[row + x]!
    }
  }
  return result
}
