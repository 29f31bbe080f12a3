import { z } from 'zod'
import {
  batch,
  countOrNone,
  epochs,
  learningRate,
  momentum,
  labelSmoothing as smoothing,
  weightDecay,
} from '../../bounds.ts'

const labelSmoothing = smoothing.default(0.1).describe('weight of all classes beside the true one')

/** Stochastic gradient descent with the cosine schedule (DenseNAS section 4.1). */
const cosineDescent = {
  learningRate: learningRate.describe('at the first step'),
  finalLearningRate: learningRate.default(1e-4).describe('at the last step; between them, half a cosine'),
  momentum: momentum.default(0.9).describe('of stochastic gradient descent'),
  weightDecay: weightDecay.default(4e-5).describe('of convolution weights, depthwise ones excepted'),
}

/** In float32, 0.99999999 is 1. */
const decay = z.number().min(0).max(0.99999)

const adam = {
  learningRate: learningRate.default(3e-4).describe('throughout'),
  betas: z.tuple([decay, decay]).readonly().default([0.5, 0.999]).describe('decay of the moments'),
  weightDecay: weightDecay.default(1e-3).describe('of the architecture parameters'),
}

/** The part of a search that concerns what a network costs (Eq. 5-8). */
export const costSettings = {
  kind: z
    .enum(['latency', 'multiply-adds'])
    .default('latency')
    .describe('what a network should have little of: milliseconds on the device at hand, or multiply-adds'),
  estimate: z
    .enum(['summed', 'chained'])
    .default('chained')
    .describe(
      'expected cost as a sum over all layers (Eq. 5-7), or along the paths between blocks as in the released code',
    ),
  lambda: z.number().min(0).max(1e6).default(0.15).describe('weight of the cost in the loss (Eq. 8)'),
  tau: z.number().min(1.001).max(1e9).default(15).describe('base of the logarithm of the cost (Eq. 8)'),
}

/** Of the search of a supernet: all that its result depends on, beside the space and the data. */
export const supernetSettings = {
  epochs: epochs.describe('over half of the training images; the other half is for the architecture'),
  architectureFrom: countOrNone(1_000_000).describe(
    'epoch, from 0, from which epochs for the architecture alternate with those for the weights',
  ),
  batch: batch.describe('images a step'),
  weights: z
    .strictObject({ ...cosineDescent, learningRate: cosineDescent.learningRate.default(0.2) })
    .readonly(),
  architecture: z.strictObject(adam).readonly(),
  labelSmoothing,
  cost: z.strictObject(costSettings).readonly(),
}

/** Of the training of one network. */
export const classifierSettings = {
  batch: batch.describe('images a step'),
  ...cosineDescent,
  labelSmoothing,
}
