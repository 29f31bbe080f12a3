import { TrellisError } from '../errors.ts'
import { random } from '../random.ts'
import { float32, int32, type Tensor } from '../tensor.ts'
import { type BatchOptions, batchIndices } from './batches.ts'
import type { ClassificationDataset, LabelledImage, LabelledRef } from './dataset.ts'
import { augmentImage, centreCrop, type ImageAugmentation } from './image-augmentation.ts'
import { mapImages } from './map-images.ts'

interface ImageBatchOptions extends Pick<BatchOptions, 'batch' | 'seed' | 'step'> {
  /** Side of the network's input, pixels. */
  readonly size: number
  readonly augmentation: ImageAugmentation
}

/**
 * The training batch of a step: image [N,3,size,size] and int32 labels [N].
 * A pure function of the images, (seed, step) and the augmentation, so that a resumed job trains on the same batches.
 * @param refs the training images, or one half of them
 */
export async function trainImages(
  dataset: Pick<ClassificationDataset, 'load'>,
  refs: readonly LabelledRef[],
  options: ImageBatchOptions,
): Promise<{ readonly image: Tensor; readonly labels: Tensor }> {
  const { batch, seed, step, size, augmentation } = options
  const chosen = batchIndices(refs.length, options).map((index) => refs[index]!)
  const inputs = await mapImages(chosen, async (ref, i) =>
    augmentImage(pixelsOf(await dataset.load(ref)), size, augmentation, random(seed, 'augment', step, i)),
  )
  return {
    image: stack(inputs, batch, size),
    labels: int32(
      [batch],
      chosen.map(({ label }) => label),
    ),
  }
}

export interface LabelledImages {
  /** [batch,3,size,size]; the last batch is padded with zeros. */
  readonly image: Tensor
  /** Of the images without the padding. */
  readonly labels: Int32Array
}

/** The centre crop of every image, in the order in which they are given. */
export async function* labelledImages(
  dataset: Pick<ClassificationDataset, 'load'>,
  refs: readonly LabelledRef[],
  size: number,
  batch: number,
): AsyncGenerator<LabelledImages> {
  for (let start = 0; start < refs.length; start += batch) {
    const some = refs.slice(start, start + batch)
    const inputs = await mapImages(some, async (ref) => centreCrop(pixelsOf(await dataset.load(ref)), size))
    yield { image: stack(inputs, batch, size), labels: Int32Array.from(some, ({ label }) => label) }
  }
}

/**
 * The training images in two halves of equal class counts, plus or minus one: for the weights of a supernet, and for its
 * architecture parameters (DenseNAS section 3.3).
 * @throws TrellisError `invalid-dataset` if there is only one image
 */
export function halves(
  refs: readonly LabelledRef[],
  seed: number,
): readonly [weights: readonly LabelledRef[], architecture: readonly LabelledRef[]] {
  if (refs.length < 2) {
    throw new TrellisError('invalid-dataset', `${refs.length} training image cannot be split in two halves`, {
      fix: 'give the dataset more training images, or raise its limit',
    })
  }
  const dealt = random(seed, 'halves')
    .shuffle(refs)
    .sort((a, b) => a.label - b.label)
  return [dealt.filter((_, i) => i % 2 === 0), dealt.filter((_, i) => i % 2 === 1)]
}

const pixelsOf = ({ height, width, image }: LabelledImage) => ({ height, width, data: image })

function stack(inputs: readonly Float32Array[], batch: number, size: number): Tensor {
  const all = new Float32Array(batch * 3 * size * size)
  for (const [i, input] of inputs.entries()) all.set(input, i * 3 * size * size)
  return float32([batch, 3, size, size], all)
}
