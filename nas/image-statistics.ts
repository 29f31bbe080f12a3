/** How images are normalised before a network sees them: mean and standard deviation of red, green and blue in 0..1. */
export interface ImageStatistics {
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

/** Of ImageNet: torchvision's weights, and most others, were trained with these. */
export const IMAGENET: ImageStatistics = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
}

/** To -1..1, as Inception and all that came from it in TensorFlow. */
export const INCEPTION: ImageStatistics = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] }
