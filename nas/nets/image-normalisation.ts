import { IMAGENET, type ImageStatistics } from '../image-statistics.ts'
import { float32, type Tensors } from '../tensor.ts'

/**
 * Weights of a network for images that are normalised by ImageNet's statistics, from weights for images x' of others. As
 * x' = a x + b for each colour, the first convolution becomes W a, and the running mean of its output loses W b. At borders
 * the padding is then ImageNet's mean colour instead of theirs.
 * @param layer the first, a convolution [K,3,h,w] with batch normalisation
 */
export function forImageNetStatistics(weights: Tensors, layer: string, theirs: ImageStatistics): Tensors {
  if (theirs === IMAGENET) return weights
  const filter = weights[`${layer}/weight`]!
  const mean = weights[`${layer}/mean`]!
  const [outputs, colours, height, width] = filter.shape as [number, number, number, number]
  const scaled = new Float32Array(filter.data.length)
  const shifted = new Float32Array(mean.data)
  let at = 0
  for (let k = 0; k < outputs; k++)
    for (let c = 0; c < colours; c++) {
      const a = IMAGENET.deviation[c]! / theirs.deviation[c]!
      const b = (IMAGENET.mean[c]! - theirs.mean[c]!) / theirs.deviation[c]!
      for (let i = 0; i < height * width; i++, at++) {
        scaled[at] = a * filter.data[at]!
        shifted[k]! -= b * filter.data[at]!
      }
    }
  return {
    ...weights,
    [`${layer}/weight`]: float32(filter.shape, scaled),
    [`${layer}/mean`]: float32(mean.shape, shifted),
  }
}
