import { z } from 'zod'
import {
  batch,
  count,
  countOrNone,
  learningRate,
  MOST_PIXELS,
  momentum,
  range,
  labelSmoothing as smoothing,
  steps,
  weightDecay,
} from '../../bounds.ts'

/** Of which the tokens, at every 64th pixel, are more than one. */
const LEAST_SIDE = 65
export const side = z.int().min(LEAST_SIDE).max(MOST_PIXELS)

/** Stochastic gradient descent with the polynomial schedule of TopFormer. */
export const optimiser = {
  steps: steps.describe('optimiser steps'),
  batch: batch.describe('images a step'),
  learningRate: learningRate.describe('at the first step'),
  power: z
    .number()
    .min(0.01)
    .max(100)
    .default(0.9)
    .describe('the learning rate falls to zero as (1 - step / steps) ^ power'),
  momentum: momentum.default(0.9).describe('of stochastic gradient descent'),
  weightDecay: weightDecay.default(4e-5).describe('of convolution weights, depthwise ones excepted'),
}
export const optimiserSchema = z.strictObject(optimiser).readonly()
export type OptimiserSettings = z.infer<typeof optimiserSchema>
const optimiserPart = z.object(optimiser)
/** Those settings alone, of a section that has others too. */
export const optimiserOf = (section: z.input<typeof optimiserPart>): OptimiserSettings =>
  optimiserPart.parse(section)

export const labelSmoothing = smoothing.describe('weight of all classes beside the true one')

/** How a training crop is made from an image. */
export const augmentation = {
  crop: z.tuple([side, side]).readonly().describe('[height, width] of training crops, in pixels'),
  scale: range(0.05, 20)
    .default([0.5, 2])
    .describe('[smallest, largest] random scale of an image before it is cropped'),
  flip: z.boolean().default(true).describe('mirror half of the crops'),
}
export const augmentationSchema = z.strictObject(augmentation).readonly()
export type AugmentationSettings = z.infer<typeof augmentationSchema>
const augmentationPart = z.object(augmentation)
/** Those settings alone, of a section that has others too. */
export const augmentationOf = (section: z.input<typeof augmentationPart>): AugmentationSettings =>
  augmentationPart.parse(section)

/** Of the sandwich step. */
export const sandwich = {
  sampled: countOrNone(16).describe('networks drawn a step, beside the largest and the smallest'),
  clip: z.number().min(1e-6).max(1e6).describe('largest norm of the gradients of a step, all together'),
}
export const sandwichSchema = z.strictObject(sandwich).readonly()

/** The statistics of batch normalisation are recomputed for each network before it is evaluated. */
export const calibration = {
  images: count(100_000).describe(
    'training images whose mean statistics a network gets before it is evaluated',
  ),
}
export const calibrationSchema = z.strictObject(calibration).readonly()

/** Halves of the network that a supernet varies; the other has its largest numbers. */
export const VARIED = ['both', 'cnn', 'vit'] as const
export type Varied = (typeof VARIED)[number]
