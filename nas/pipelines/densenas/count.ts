import { countClassifier, IMAGENET_CLASSES, type NetworkCounts } from '../../nets/count.ts'
import type { DenseNasGenotype } from '../../spaces/densenas/genotype.ts'
import { denseNas } from '../../spaces/densenas/network.ts'

/** Counts of a network of the space as a classifier of ImageNet. @param input [C,H,W] of the image */
export const countDenseNas = (genotype: DenseNasGenotype, input: readonly number[]): NetworkCounts =>
  countClassifier(
    (context, image) => denseNas(context, image, genotype, { classes: IMAGENET_CLASSES }),
    input,
  )
