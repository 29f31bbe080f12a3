import { z } from 'zod'
import {
  batch,
  countOrNone,
  epochs,
  fitsOneTensor,
  MOST_PIXELS,
  TOO_LARGE_A_BATCH,
  text,
} from '../../bounds.ts'
import { classificationConfig } from '../../data/config.ts'
import { imageAugmentationSchema } from '../../data/image-augmentation-schema.ts'
import { BUDGET, common, hasLimit, limits, nameSchema, seeds } from '../../runs/config.ts'
import { DENSENAS_SPACES } from '../../spaces/densenas/presets.ts'
import type { DenseNasSpace } from '../../spaces/densenas/space.ts'
import { denseNasSpaceSchema, presetSchema } from '../../spaces/densenas/space-schema.ts'
import { classifierSettings, costSettings, supernetSettings } from './settings.ts'

/* Optimisers and schedules are those of the paper (DenseNAS section 4.1), lengths and batches those of a laptop. */

const spaceSchema = z.union([
  z.strictObject({ preset: presetSchema.describe('a space that Trellis knows') }).readonly(),
  denseNasSpaceSchema,
])

/** The paper searches the weights alone in 150 of its 250 epochs. */
const WEIGHTS_ALONE = 150 / 250

const searchSchema = z
  .strictObject({
    ...supernetSettings,
    epochs: supernetSettings.epochs.default(25),
    architectureFrom: supernetSettings.architectureFrom.optional(),
    batch: supernetSettings.batch.default(64),
    weights: supernetSettings.weights.prefault({}),
    architecture: supernetSettings.architecture.prefault({}),
    cost: z
      .strictObject({
        ...costSettings,
        batch: batch.default(32).describe('images for which latency is measured'),
        measurement: countOrNone(Number.MAX_SAFE_INTEGER)
          .optional()
          .describe(
            'number of the measurement: with another, latencies are measured again and searches start from those',
          ),
        table: text
          .optional()
          .describe(
            'file of measured latencies, in the format of the released code; nothing is measured then',
          ),
      })
      .readonly()
      .prefault({})
      .describe('how cost enters the loss (Eq. 5-8)'),
  })
  .transform(({ architectureFrom, ...search }) => ({
    ...search,
    architectureFrom: architectureFrom ?? Math.floor(WEIGHTS_ALONE * search.epochs),
  }))
  .refine(({ architectureFrom, epochs }) => architectureFrom < epochs, {
    path: ['architectureFrom'],
    error: 'the architecture would never be searched: give an epoch before the last',
  })

const retrainSchema = z
  .strictObject({
    epochs: epochs.default(30).describe('over all training images'),
    ...classifierSettings,
    batch: classifierSettings.batch.default(64),
    learningRate: classifierSettings.learningRate.default(0.1),
    seeds: seeds.describe('each network is trained once with each'),
  })
  .readonly()

const baselinesSchema = z
  .strictObject({
    random: countOrNone(1000)
      .default(5)
      .describe('networks drawn from the space, of about as many multiply-adds as the one that was found'),
    mobileNetV2: z
      .boolean()
      .default(true)
      .describe('MobileNetV2 of a width that gives as many multiply-adds'),
  })
  .readonly()

const stridesFit = ({ image, space }: { readonly image: number; readonly space: SpaceConfig }) =>
  image % lastStride(space) === 0

export const denseNasConfigSchema = z
  .strictObject({
    pipeline: z.literal('densenas').describe('the system to run'),
    name: nameSchema.default('densenas'),
    dataset: classificationConfig.describe('what to learn'),
    image: z
      .int()
      .min(1)
      .max(MOST_PIXELS)
      .default(32)
      .describe('side of the square images that networks see, in pixels'),
    augmentation: imageAugmentationSchema
      .prefault({ kind: 'crop' })
      .describe('how training images are varied'),
    space: spaceSchema
      .prefault({ preset: 'densenas-cifar' })
      .describe('what can be found: a preset, or operations, stages, reach and last of one’s own'),
    search: searchSchema.prefault({}).describe('how the supernet is trained (DenseNAS section 3.3)'),
    retrain: retrainSchema
      .prefault({})
      .describe('how the network that was found, and the baselines, are trained'),
    baselines: baselinesSchema
      .prefault({})
      .describe('networks trained just like the one that was found, to be shown beside it'),
    budget: z
      .strictObject(limits)
      .readonly()
      .refine(hasLimit, { error: 'give at least one limit: usd, gpuHours or hours' })
      .optional()
      .describe(BUDGET),
    ...common,
  })
  .refine(
    ({ image, search, retrain }) =>
      fitsOneTensor(Math.max(search.batch, search.cost.batch, retrain.batch), image, image),
    {
      path: ['image'],
      error: TOO_LARGE_A_BATCH,
    },
  )
  .refine(stridesFit, {
    path: ['image'],
    error: ({ input }) =>
      `${(input as { image: number }).image} is no multiple of ${lastStride((input as { space: SpaceConfig }).space)}, the last stride of the space`,
  })
  .readonly()

export type DenseNasConfig = z.infer<typeof denseNasConfigSchema>
type SpaceConfig = z.infer<typeof spaceSchema>

/** The space that a configuration names or holds. */
export const spaceOf = ({ space }: { readonly space: SpaceConfig }): DenseNasSpace =>
  'preset' in space ? DENSENAS_SPACES[space.preset] : space

const lastStride = (space: SpaceConfig): number => spaceOf({ space }).stages.at(-1)!.stride
