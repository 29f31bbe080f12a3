import { z } from 'zod'
import { count, countOrNone, fitsOneTensor, TOO_LARGE_A_BATCH } from '../../bounds.ts'
import { datasetConfig } from '../../data/config.ts'
import { BUDGET, common, hasLimit, limits, nameSchema, seeds } from '../../runs/config.ts'
import { LARGEST_NUMBER } from '../../runs/keys.ts'
import { evolutionConfigSchema } from '../../search/evolution.ts'
import { randomConfigSchema } from '../../search/random.ts'
import { TOPFORMER_SPACES } from '../../spaces/topformer/presets.ts'
import type { TopformerSpace } from '../../spaces/topformer/space.ts'
import { presetSchema, topformerSpaceSchema } from '../../spaces/topformer/space-schema.ts'
import { locationSchema } from '../../store/location.ts'
import { classBalance } from '../../tasks/class-balance.ts'
import { pretrainSchema } from './pretrain-config.ts'
import { augmentation, calibration, optimiser, sandwich } from './settings.ts'

/* Rules are those of the paper, lengths and batches those of a laptop. */

const spaceSchema = z.union([
  z.strictObject({ preset: presetSchema.describe('a space that Trellis knows') }).readonly(),
  topformerSpaceSchema,
])
type SpaceConfig = z.infer<typeof spaceSchema>

const crop = augmentation.crop.default([128, 256])

const supernetSchema = z
  .strictObject({
    halves: z
      .enum(['shared', 'pair'])
      .default('shared')
      .describe(
        'one supernet of all networks, or the two of the released code, each with one half at its largest',
      ),
    sampled: sandwich.sampled.default(2),
    clip: sandwich.clip.default(1),
    ...augmentation,
    crop,
    ...optimiser,
    steps: optimiser.steps.default(400),
    batch: optimiser.batch.default(4),
    learningRate: optimiser.learningRate.default(0.05),
    weights: locationSchema
      .optional()
      .describe('safetensors file of a trained supernet of this space, which is not trained then'),
  })
  .readonly()

const limitSchema = z
  .strictObject({
    of: z
      .enum(['multiplyAdds', 'flops', 'parameters', 'latency'])
      .default('multiplyAdds')
      .describe(
        "what is limited; flops are those of mmcv's counter, in which the limits of the paper are given; latency is in milliseconds for an image of retrain.crop, estimated from those of a network's parts, which are measured where the run is",
      ),
    most: z
      .array(z.number().positive().max(1e15))
      .min(1)
      .max(16)
      .refine((all) => all.every((most, i) => i === 0 || all[i - 1]! < most), 'name them in increasing order')
      .readonly()
      .describe('a network has less than this; with several limits the search finds a network for each'),
    measurement: z
      .int()
      .nonnegative()
      .optional()
      .describe(
        'number of the measurement of latencies: with another, they are measured again and searches start from those',
      ),
  })
  .readonly()

/** What a job is to do is a variable of its environment, which the system limits. */
const MOST_TRIALS_A_JOB = 2000

const searchSchema = z
  .strictObject({
    limit: limitSchema.describe('what a network may cost (Algorithm 1)'),
    iterations: count(Math.floor(LARGEST_NUMBER / 2))
      .default(5)
      .describe('n of Algorithm 1: how often each half is searched'),
    samples: count(10_000)
      .default(20)
      .describe('m of Algorithm 1: networks evaluated for a half, and for each limit'),
    keepIncumbent: z
      .boolean()
      .default(false)
      .describe(
        'fix the best network so far for the next half, also where it is older than the last samples',
      ),
    besides: z
      .array(z.discriminatedUnion('kind', [randomConfigSchema, evolutionConfigSchema]))
      .max(4)
      .readonly()
      .default([])
      .describe('searches of the same supernet with as many evaluations, to be shown beside this one'),
    calibration: calibration.images.default(32),
    trialsPerJob: count(MOST_TRIALS_A_JOB).default(20).describe('networks that share the start of a job'),
  })
  .readonly()

const retrainSchema = z
  .strictObject({
    top: count(1000)
      .default(1)
      .describe('networks below each limit that are trained: the best with inherited weights'),
    seeds: seeds.describe('each network is trained once with each'),
    ...augmentation,
    crop,
    ...optimiser,
    steps: optimiser.steps.default(400),
    batch: optimiser.batch.default(8),
    learningRate: optimiser.learningRate.default(0.05),
  })
  .readonly()

const baselinesSchema = z
  .strictObject({
    topformer: z.boolean().default(true).describe('TopFormer of a width that gives as many multiply-adds'),
    random: countOrNone(1000).default(2).describe('networks drawn from the space that cost as much'),
  })
  .readonly()

const batchFits = ({ batch, crop }: { readonly batch: number; readonly crop: readonly [number, number] }) =>
  fitsOneTensor(batch, ...crop)
const tooLarge = { path: ['batch'], error: TOO_LARGE_A_BATCH }

export const topformerConfigSchema = z
  .strictObject({
    pipeline: z.literal('topformer').describe('the system to run'),
    name: nameSchema.default('topformer'),
    dataset: datasetConfig.describe('what to learn'),
    classBalance,
    space: spaceSchema
      .prefault({ preset: 'topformer-street' })
      .describe('what can be found: a preset, or lists of choices of one’s own'),
    attentionScale: z
      .boolean()
      .default(false)
      .describe(
        'divide products of attention by the root of the key dimension, which the released code does not',
      ),
    pretrain: pretrainSchema
      .optional()
      .describe(
        'how the supernet learns from labelled images first, as in the paper (section 4.2); networks that are compared then start from slices of its weights, too. By default, it is not pretrained',
      ),
    supernet: supernetSchema
      .refine(batchFits, tooLarge)
      .prefault({})
      .describe('how the supernet is trained: by the sandwich rule (section 4.2)'),
    search: searchSchema.describe('coordinate descent (Efficient-TopFormer section 3.2)'),
    retrain: retrainSchema
      .refine(batchFits, tooLarge)
      .prefault({})
      .describe('how networks that were found, and baselines, are trained'),
    baselines: baselinesSchema
      .prefault({})
      .describe('networks trained just like those that were found, for each limit'),
    budget: z
      .strictObject(limits)
      .readonly()
      .refine(hasLimit, { error: 'give at least one limit: usd, gpuHours or hours' })
      .optional()
      .describe(BUDGET),
    ...common,
  })
  .refine(({ supernet, search }) => supernet.halves === 'shared' || search.besides.length === 0, {
    path: ['search', 'besides'],
    error:
      'other searches vary both halves, which neither supernet of a pair does: set supernet.halves to shared',
  })
  .refine(({ supernet }) => supernet.halves === 'shared' || supernet.weights === undefined, {
    path: ['supernet', 'weights'],
    error: 'a pair has two supernets, and this is one: set supernet.halves to shared',
  })
  .readonly()

export type TopformerConfig = z.infer<typeof topformerConfigSchema>

/** The space that a configuration names or holds. */
export const spaceOf = ({ space }: { readonly space: SpaceConfig }): TopformerSpace =>
  'preset' in space ? TOPFORMER_SPACES[space.preset] : space

/** Each half is searched once an iteration. */
export const roundsOf = ({ search }: Pick<TopformerConfig, 'search'>): number => 2 * search.iterations
