import { z } from 'zod'
import { batch, count, learningRate, MOST_PIXELS, momentum, range, steps, weightDecay } from '../../bounds.ts'

/** Of which features at the largest stride are more than one. */
const side = z.int().min(17).max(MOST_PIXELS)

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

/** How a training crop is made from an image. */
export const augmentation = {
  crop: z.tuple([side, side]).readonly().describe('[height, width] of training crops, in pixels'),
  scale: range(0.05, 20).describe('[smallest, largest] random scale of an image before it is cropped'),
  flip: z.boolean().describe('mirror half of the crops'),
}
export const augmentationSchema = z.strictObject(augmentation).readonly()
export type AugmentationSettings = z.infer<typeof augmentationSchema>
const augmentationPart = z.object(augmentation)
/** Those settings alone, of a section that has others too. */
export const augmentationOf = (section: AugmentationSettings): AugmentationSettings =>
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

/** What a key holds of the weights of classes: nothing where all pixels weigh alike, as in keys of earlier versions. */
export const balanceOf = ({ classBalance }: { readonly classBalance: number }) =>
  classBalance === 0 ? {} : { classBalance }
