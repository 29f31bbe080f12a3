import { z } from 'zod'
import type { ImageAugmentation } from '../../data/image-augmentation.ts'

const positive = z.number().positive()
const count = z.int().positive()

const range = (what: string) =>
  z
    .tuple([positive, positive])
    .refine(([low, high]) => low <= high, 'the first number is the smallest, the second the largest')
    .readonly()
    .describe(what)

const flip = z.boolean().default(true).describe('mirror half of the images')

/** How a training image comes to the side that the network sees. */
export const imageAugmentationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('crop'),
    padding: z.int().nonnegative().default(4).describe('pixels around the image before it is cropped'),
    flip,
  }),
  z.strictObject({
    kind: z.literal('googlenet'),
    area: range('[smallest, largest] part of the image that is kept').default([0.08, 1]),
    ratio: range('[smallest, largest] width over height of that part').default([3 / 4, 4 / 3]),
    flip,
  }),
]) satisfies z.ZodType<ImageAugmentation>

const labelSmoothing = z
  .number()
  .min(0)
  .lt(1)
  .default(0.1)
  .describe('weight of all classes beside the true one')

/** Stochastic gradient descent with the cosine schedule (DenseNAS section 4.1). */
const cosineDescent = {
  learningRate: positive.describe('at the first step'),
  finalLearningRate: positive.default(1e-4).describe('at the last step; between them, half a cosine'),
  momentum: z.number().min(0).lt(1).default(0.9).describe('of stochastic gradient descent'),
  weightDecay: z.number().min(0).default(4e-5).describe('of convolution weights, depthwise ones excepted'),
}

const adam = {
  learningRate: positive.default(3e-4).describe('throughout'),
  betas: z
    .tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)])
    .readonly()
    .default([0.5, 0.999])
    .describe('decay of the moments'),
  weightDecay: z.number().min(0).default(1e-3).describe('of the architecture parameters'),
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
  lambda: z.number().min(0).default(0.15).describe('weight of the cost in the loss (Eq. 8)'),
  tau: z.number().gt(1).default(15).describe('base of the logarithm of the cost (Eq. 8)'),
}

/** Of the search of a supernet: all that its result depends on, beside the space and the data. */
export const supernetSettings = {
  epochs: count.describe('over half of the training images; the other half is for the architecture'),
  architectureFrom: z
    .int()
    .nonnegative()
    .describe('epoch, from 0, from which epochs for the architecture alternate with those for the weights'),
  batch: count.describe('images a step'),
  weights: z
    .strictObject({ ...cosineDescent, learningRate: cosineDescent.learningRate.default(0.2) })
    .readonly(),
  architecture: z.strictObject(adam).readonly(),
  labelSmoothing,
  cost: z.strictObject(costSettings).readonly(),
}

/** Of the training of one network. */
export const classifierSettings = {
  batch: count.describe('images a step'),
  ...cosineDescent,
  labelSmoothing,
}
