import { z } from 'zod'
import {
  batch,
  count,
  countOrNone,
  learningRate,
  MOST_PIXELS,
  momentum,
  range,
  steps,
  weightDecay,
} from '../../bounds.ts'
import { ONE_STAGE_STRIDES } from '../../nets/detection/strides.ts'
import { MOST_LEVELS } from '../../spaces/auto-fpn/genotype.ts'

/** Of which the coarsest level has more than one place. */
const LEAST_SIDE = 33
const side = z.int().min(LEAST_SIDE).max(MOST_PIXELS)

export const imageSize = z.tuple([side, side]).readonly()

export const augmentationSchema = z
  .strictObject({
    scale: range(0.05, 20)
      .default([0.75, 1.5])
      .describe('[smallest, largest] random scale of a training image before it is cropped or padded'),
    flip: z.boolean().default(true).describe('mirror half of the training images'),
  })
  .readonly()

/** Stochastic gradient descent with the cosine schedule (Auto-FPN section 4.1). */
export const descent = {
  steps: steps.describe('optimiser steps'),
  batch: batch.describe('images a step'),
  learningRate: learningRate.describe('at the first step after the warm-up'),
  finalLearningRate: learningRate.describe('at the last step; between them, half a cosine'),
  warmUp: countOrNone(1_000_000).describe('steps over which the learning rate rises from zero'),
  momentum: momentum.default(0.9).describe('of stochastic gradient descent'),
  weightDecay: weightDecay
    .default(1e-4)
    .describe('of convolution and linear weights, depthwise ones excepted'),
}
export const descentSchema = z.strictObject(descent).readonly()
export type Descent = z.infer<typeof descentSchema>
const descentPart = z.object(descent)
/** Those settings alone, of a section that has others too. */
export const descentOf = (section: z.input<typeof descentPart>): Descent => descentPart.parse(section)

/** Sizes of a detector; those of the paper are 256 channels, 1024 and 512. */
export const detectorSettings = {
  channels: count(4096).describe('of each level that a neck gives'),
  hidden: count(8192).describe('width of the two layers in the head of FPN'),
  cell: count(8192)
    .refine((channels) => channels % 4 === 0, 'a cell has four nodes side by side: give a multiple of 4')
    .describe('channels of what a cell of a searched head gives, a multiple of 4'),
  anchor: z
    .number()
    .min(1)
    .max(64)
    .describe(
      'side of a square anchor over the stride of its level: 8 gives 32 to 512 pixels (FPN section 4.1)',
    ),
  regions: count(2000).describe('regions of a training image that the head learns from'),
  proposals: count(2000).describe('regions of an image that the head looks at in evaluation'),
}

/** Of a one-stage detector; the paper has 256 channels, SSD512 seven levels. */
export const oneStageSettings = {
  levels: z
    .int()
    .min(ONE_STAGE_STRIDES.length)
    .max(MOST_LEVELS)
    .describe('n, the levels of the pyramid, the finest of stride 8: 6 in SSD300, 7 in SSD512'),
  channels: detectorSettings.channels,
  anchor: z
    .number()
    .min(1)
    .max(64)
    .describe('side of the smaller square anchor over the stride of its level: nearly 4 in SSD'),
  candidates: count(2000).describe(
    'anchors of an image that are looked at in evaluation before what overlaps is left out, the likeliest',
  ),
}

/** As specifications hold them: those of two stages have been there first, and name no kind. */
export const detectorSchema = z.union([
  z.strictObject(detectorSettings).readonly(),
  z.strictObject({ kind: z.literal('one-stage'), ...oneStageSettings }).readonly(),
])
export type DetectorSettings = z.infer<typeof detectorSchema>
type OneStageSettings = Extract<DetectorSettings, { readonly kind: 'one-stage' }>

export const isOneStage = (detector: DetectorSettings): detector is OneStageSettings => 'kind' in detector

const decay = z.number().min(0).max(0.99999)

/** Adam, for what is found (section 4.1). */
export const architectureSchema = z
  .strictObject({
    learningRate: learningRate.default(3e-3).describe('throughout'),
    betas: z.tuple([decay, decay]).readonly().default([0.5, 0.999]).describe('decay of the moments'),
    weightDecay: weightDecay.default(1e-3).describe('of the architecture parameters'),
  })
  .readonly()

/** How links are relaxed: all operators by a softmax (the paper), or by a sample of the concrete distribution (SNAS). */
export const METHODS = ['softmax', 'snas'] as const

/** Of the search of a module: all that its result depends on, beside the space and the data. */
export const searchSettings = {
  ...descent,
  steps: steps.describe('steps for the weights'),
  clip: z
    .number()
    .min(1e-6)
    .max(1e6)
    .describe(
      'largest norm of the gradients of a step for the weights, all together: without batch norm, a sample of SNAS can blow them up',
    ),
  architectureFrom: countOrNone(100_000_000).describe(
    'step, from 0, from which each is followed by one for the architecture, on the other half of the images',
  ),
  architecture: architectureSchema,
  lambda: z
    .number()
    .min(0)
    .max(1e6)
    .describe(
      'weight of the resource constraint in the loss: 0.2, 0.02 or 0.002 for a small, middle or large network',
    ),
  batchNorm: z.boolean().describe('normalise the searched module while searching (Table 7)'),
  freezeBackbone: z.boolean().describe('search on features of a backbone that does not change (Table 7)'),
}
export const searchSchema = z.strictObject(searchSettings).readonly()
export type SearchSettings = z.infer<typeof searchSchema>
