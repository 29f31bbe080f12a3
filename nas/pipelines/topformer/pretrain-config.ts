import { z } from 'zod'
import { fitsOneTensor, TOO_LARGE_A_BATCH } from '../../bounds.ts'
import { classificationConfig } from '../../data/config.ts'
import { imageAugmentationSchema } from '../../data/image-augmentation-schema.ts'
import { locationSchema } from '../../store/location.ts'
import { labelSmoothing, optimiser, sandwich, side } from './settings.ts'

const trained = z
  .strictObject({
    dataset: classificationConfig.describe('images with one label each'),
    image: side.default(128).describe('side of the square images that networks see, in pixels'),
    augmentation: imageAugmentationSchema
      .prefault({ kind: 'crop' })
      .describe('how training images are varied'),
    labelSmoothing: labelSmoothing.default(0.1),
    sampled: sandwich.sampled.default(2),
    clip: sandwich.clip.default(1),
    ...optimiser,
    steps: optimiser.steps.default(1000),
    batch: optimiser.batch.default(16),
    learningRate: optimiser.learningRate.default(0.05),
  })
  .refine(({ batch, image }) => fitsOneTensor(batch, image, image), {
    path: ['batch'],
    error: TOO_LARGE_A_BATCH,
  })
  .readonly()

const given = z
  .strictObject({
    weights: locationSchema.describe(
      'safetensors file of a pretrained supernet of this space; nothing is pretrained then',
    ),
  })
  .readonly()

/** A supernet is pretrained by the run, or was before it. */
export const pretrainSchema = z.union([trained, given])
export type PretrainConfig = z.infer<typeof pretrainSchema>
/** By the run. */
export type Pretraining = z.infer<typeof trained>
