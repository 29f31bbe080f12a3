import { z } from 'zod'
import { batch, count, learningRate, MOST_PIXELS, momentum, range, steps, weightDecay } from '../../bounds.ts'

/** Of which features at the largest stride are more than one. */
export const LEAST_CROP = 17
const side = z.int().min(LEAST_CROP).max(MOST_PIXELS)

/** Stochastic gradient descent with the polynomial schedule (DPC section 4). */
export const optimiser = {
  steps: steps.describe('optimiser steps'),
  batch: batch.describe('images a step'),
  learningRate: learningRate.describe('at the first step'),
  power: z
    .number()
    .min(0.01)
    .max(100)
    .describe('the learning rate falls to zero as (1 - step / steps) ^ power'),
  momentum: momentum.describe('of stochastic gradient descent'),
  weightDecay: weightDecay.describe('of convolution weights, depthwise ones excepted'),
}
export const optimiserSchema = z.strictObject(optimiser).readonly()
export type OptimiserSettings = z.infer<typeof optimiserSchema>
const optimiserPart = z.object(optimiser)
/** Those settings alone, of a section that has others too. */
export const optimiserOf = (section: OptimiserSettings): OptimiserSettings => optimiserPart.parse(section)

/** [height, width] of crops that a configuration does not name, of images that are as large: see crops.ts. */
export const DEFAULT_CROP = [129, 257] as const

/** How a training crop is made from an image. */
export const augmentation = {
  crop: z
    .tuple([side, side])
    .readonly()
    .describe(
      `[height, width] of training crops, in pixels; by default ${DEFAULT_CROP.join('x')}, but no side longer than holds every validation image`,
    ),
  scale: range(0.05, 20).describe('[smallest, largest] random scale of an image before it is cropped'),
  flip: z.boolean().describe('mirror half of the crops'),
}
export const augmentationSchema = z.strictObject(augmentation).readonly()
export type AugmentationSettings = z.infer<typeof augmentationSchema>
const augmentationPart = z.object({ ...augmentation, crop: augmentation.crop.default(DEFAULT_CROP) })
/** Those settings alone, of a section that has others too. */
export const augmentationOf = (section: z.input<typeof augmentationPart>): AugmentationSettings =>
  augmentationPart.parse(section)

/** The cell around the genotype. */
export const cell = {
  filters: count(8192).describe('output channels of each branch and of the cell'),
  pyramidPooling: z
    .enum(['grid', 'sliding'])
    .describe(
      'average over the cells of a grid (the paper) or over windows of their size at stride 1 (DeepLab)',
    ),
}
