import { z } from 'zod'
import { count, countOrNone, fitsOneTensor, TOO_LARGE_A_BATCH } from '../../bounds.ts'
import { datasetConfig } from '../../data/config.ts'
import { BACKBONE_NAMES, WITH_WIDTHS } from '../../nets/backbones/names.ts'
import { BUDGET, common, hasLimit, limits, nameSchema, seeds } from '../../runs/config.ts'
import { LARGEST_NUMBER } from '../../runs/keys.ts'
import { strategyConfigSchema } from '../../search/strategy.ts'
import { locationSchema } from '../../store/location.ts'
import { classBalance } from '../../tasks/class-balance.ts'
import { augmentation, cell, DEFAULT_CROP, optimiser } from './settings.ts'

/* The optimiser is that of the paper (DPC section 4). */

/** As many as the largest deployment is proven for; the search of the paper tried 28,000 (DPC section 4.2). */
const MOST_TRIALS = 1_000_000
/** What a job is to do is a variable of its environment, which the system limits. */
const MOST_TRIALS_A_JOB = 2000
const MOST_CONTENDERS = 10_000

const optimiserFor = (defaults: { steps: number; batch: number; learningRate: number }) => ({
  steps: optimiser.steps.default(defaults.steps),
  batch: optimiser.batch.default(defaults.batch),
  learningRate: optimiser.learningRate.default(defaults.learningRate),
  power: optimiser.power.default(0.9),
  momentum: optimiser.momentum.default(0.9),
  weightDecay: optimiser.weightDecay.default(4e-5),
})

const trainingCrops = {
  crop: augmentation.crop.optional(),
  scale: augmentation.scale.default([0.5, 2]),
  flip: augmentation.flip.default(true),
}

interface Crops {
  readonly batch: number
  readonly crop?: readonly [height: number, width: number] | undefined
}

const batchFits = ({ batch, crop = DEFAULT_CROP }: Crops): boolean => fitsOneTensor(batch, ...crop)
const tooLarge = { path: ['batch'], error: TOO_LARGE_A_BATCH }

const pretrainSchema = z
  .strictObject({ ...trainingCrops, ...optimiserFor({ steps: 500, batch: 8, learningRate: 0.05 }) })
  .refine(batchFits, tooLarge)
  .readonly()

const backboneSchema = z
  .strictObject({
    network: z.enum(BACKBONE_NAMES).default('mobilenet-v2').describe('whose features the cell reads'),
    width: z
      .number()
      .min(0.01)
      .max(16)
      .default(1)
      .describe(`multiplier of its channels, of ${WITH_WIDTHS.join(', ')} alone`),
    outputStride: z
      .literal([8, 16])
      .default(16)
      .describe('pixels of the image to one of its features; at 8, atrous rates are doubled'),
    weights: locationSchema.optional().describe('safetensors file of trained weights; no pretraining then'),
    pretrain: pretrainSchema
      .optional()
      .describe('how it is trained on the dataset when there are no weights'),
  })
  .refine(({ weights, pretrain }) => weights === undefined || pretrain === undefined, {
    error: 'give either weights or pretrain, not both',
  })
  .refine(({ network, width }) => width === 1 || WITH_WIDTHS.includes(network), {
    path: ['width'],
    error: `only ${WITH_WIDTHS.join(', ')} comes in other widths than 1: leave it out`,
  })
  .transform(({ weights, pretrain, ...network }) =>
    weights === undefined
      ? { ...network, pretrain: pretrain ?? pretrainSchema.parse({}) }
      : { ...network, weights },
  )

const spaceSchema = z
  .strictObject({
    branches: z.int().min(1).max(10).default(5).describe('B, the branches of a cell (DPC section 3.1)'),
    filters: cell.filters.default(256),
    pyramidPooling: cell.pyramidPooling.default('grid'),
  })
  .readonly()

const proxySchema = z
  .strictObject({
    ...trainingCrops,
    views: count(1000).default(2).describe('random crops of each training image whose features are cached'),
    ...optimiserFor({ steps: 300, batch: 8, learningRate: 0.01 }),
  })
  .refine(batchFits, tooLarge)
  .readonly()

const searchSchema = z
  .strictObject({
    strategy: strategyConfigSchema.prefault({ kind: 'local' }).describe('where to look next'),
    perRound: count(MOST_TRIALS)
      .default(16)
      .describe('candidates proposed at once; the budget is checked between rounds'),
    trialsPerJob: count(MOST_TRIALS_A_JOB).default(4).describe('candidates that share the start of a job'),
  })
  .readonly()

const rerankSchema = z
  .strictObject({
    top: count(MOST_CONTENDERS)
      .default(4)
      .describe('how many of the best by proxy score are trained in full'),
    baselines: z
      .strictObject({
        aspp: z.boolean().default(true).describe('atrous spatial pyramid pooling, as in DeepLab v3+'),
        random: countOrNone(MOST_CONTENDERS).default(3).describe('cells drawn at random'),
      })
      .readonly()
      .prefault({})
      .describe('cells trained just like the best, to be shown beside them'),
    seeds: seeds.describe('each cell is trained once with each'),
    ...trainingCrops,
    ...optimiserFor({ steps: 1000, batch: 8, learningRate: 0.01 }),
  })
  .refine(batchFits, tooLarge)
  .readonly()

const budgetSchema = z
  .strictObject({
    trials: count(MOST_TRIALS)
      .optional()
      .describe('candidates tried on the proxy task; the search ends with them'),
    ...limits,
  })
  .readonly()
  .refine(hasLimit, {
    error: 'give at least one limit: trials, usd, gpuHours or hours',
  })

/** The first is numbered 0. */
export const MOST_ROUNDS = LARGEST_NUMBER + 1

export const dpcConfigSchema = z
  .strictObject({
    pipeline: z.literal('dpc').describe('the system to run'),
    name: nameSchema.default('dpc'),
    dataset: datasetConfig.describe('what to learn'),
    backbone: backboneSchema.prefault({}),
    decoder: z
      .boolean()
      .default(false)
      .describe(
        'whole networks refine what a cell gives by features at stride 4, as DeepLab v3+ does: for thin things',
      ),
    classBalance,
    space: spaceSchema.prefault({}).describe('what can be found'),
    proxy: proxySchema
      .prefault({})
      .describe('how a candidate is scored: on cached features (DPC section 3.3)'),
    search: searchSchema.prefault({}),
    rerank: rerankSchema
      .prefault({})
      .describe('how the best are compared: by full training (DPC section 3.3)'),
    budget: budgetSchema.describe(`at least one of these: ${BUDGET}`),
    ...common,
  })
  .refine(
    ({ budget: { usd, ...others }, compute }) =>
      compute.card !== 'cpu' || usd === undefined || hasLimit(others),
    {
      path: ['budget'],
      error:
        'dollars alone never stop a search on this computer, which costs none: give trials, gpuHours or hours',
    },
  )
  .refine(({ budget: { trials = 0 }, search: { perRound } }) => trials / perRound <= MOST_ROUNDS, {
    path: ['search', 'perRound'],
    error: `a search has at most ${MOST_ROUNDS} rounds: propose more candidates at once, or try fewer`,
  })
  .readonly()

export type DpcConfig = z.infer<typeof dpcConfigSchema>

/** How many cells the best of a run are compared with. */
export const baselineCount = ({ rerank: { baselines } }: DpcConfig): number =>
  Number(baselines.aspp) + baselines.random
