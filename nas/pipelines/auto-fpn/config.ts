import { z } from 'zod'
import { count, countOrNone, fitsOneTensor, TOO_LARGE_A_BATCH } from '../../bounds.ts'
import { detectionConfig } from '../../data/detection/config.ts'
import { BACKBONE_NAMES, WITH_WIDTHS } from '../../nets/backbones/names.ts'
import { LEVEL_STRIDES, ONE_STAGE_STRIDES } from '../../nets/detection/strides.ts'
import { BUDGET, common, hasLimit, limits, nameSchema, seeds } from '../../runs/config.ts'
import { LARGEST_NUMBER } from '../../runs/keys.ts'
import { evolutionConfigSchema } from '../../search/evolution.ts'
import type { AutoFpnDimensions } from '../../spaces/auto-fpn/space.ts'
import { locationSchema } from '../../store/location.ts'
import {
  architectureSchema,
  augmentationSchema,
  type Descent,
  type DetectorSettings,
  descent,
  descentOf,
  detectorSettings,
  imageSize,
  isOneStage,
  oneStageSettings,
  type SearchSettings,
  searchSettings,
} from './settings.ts'

/* Optimisers and schedules are those of the paper (Auto-FPN section 4.1), lengths and sizes those of a laptop. */

const MOST_BASELINES = 1000
/** A round holds at least one, and rounds have numbers from 0. */
const MOST_EVALUATIONS = LARGEST_NUMBER + 1

/** The paper begins to optimise the architecture after a third of the epochs. */
const WEIGHTS_ALONE = 1 / 3

const descentFor = (defaults: Pick<Descent, 'steps' | 'batch' | 'learningRate'>) => ({
  ...descent,
  steps: descent.steps.default(defaults.steps),
  batch: descent.batch.default(defaults.batch),
  learningRate: descent.learningRate.default(defaults.learningRate),
  finalLearningRate: descent.finalLearningRate.default(defaults.learningRate / 20),
  warmUp: descent.warmUp.default(20),
})

const pretrainSchema = z.strictObject(descentFor({ steps: 400, batch: 4, learningRate: 0.02 })).readonly()

const backboneSchema = z
  .strictObject({
    network: z.enum(BACKBONE_NAMES).default('mobilenet-v2').describe('whose features the neck fuses'),
    width: z
      .number()
      .min(0.01)
      .max(16)
      .default(1)
      .describe(`multiplier of its channels, of ${WITH_WIDTHS.join(', ')} alone`),
    weights: locationSchema.optional().describe('safetensors file of trained weights; no pretraining then'),
    pretrain: pretrainSchema
      .optional()
      .describe('how it is trained in an FPN detector on the dataset when there are no weights'),
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

const detectorSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('two-stage').optional(),
      channels: detectorSettings.channels.default(64),
      hidden: detectorSettings.hidden.default(256),
      cell: detectorSettings.cell.default(128),
      anchor: detectorSettings.anchor.default(4),
      regions: detectorSettings.regions.default(64),
      proposals: detectorSettings.proposals.default(100),
    }),
    z.strictObject({
      kind: z.literal('one-stage'),
      levels: oneStageSettings.levels.default(5),
      channels: oneStageSettings.channels.default(64),
      anchor: oneStageSettings.anchor.default(4),
      candidates: oneStageSettings.candidates.default(200),
    }),
  ])
  .transform((detector): DetectorSettings => {
    if (detector.kind === 'one-stage') return detector
    const { kind: _, ...settings } = detector
    return settings
  })

const spaceSchema = z
  .strictObject({
    layers: count(16).default(2).describe('L, the layers of a neck'),
    cells: count(16).default(2).describe('M, the cells of a head'),
  })
  .readonly()

const searchSchema = z
  .strictObject({
    modules: z
      .enum(['both', 'neck', 'head'])
      .default('both')
      .describe("what is searched: the neck, then the head on it; or one of them beside FPN's other"),
    genotype: locationSchema
      .optional()
      .describe(
        'run of this store, or genotype.json, whose neck and head are trained here (Table 5): nothing is searched then, and what else stands here has no effect. A name without a dot or a slash is that of a run',
      ),
    views: count(1000)
      .default(4)
      .describe('variations of each training image whose features are cached, where the backbone is frozen'),
    ...descentFor({ steps: 600, batch: 2, learningRate: 0.02 }),
    // As mmdetection's detectors.
    clip: searchSettings.clip.default(35),
    architecture: architectureSchema.prefault({}),
    lambda: searchSettings.lambda.default(0.02),
    stepTraining: z
      .boolean()
      .default(true)
      .describe('search the weights alone in the first third of the steps (Table 7)'),
    freezeBackbone: searchSettings.freezeBackbone.default(true),
    batchNorm: searchSettings.batchNorm.default(false),
    pretrainedNeck: z
      .boolean()
      .default(true)
      .describe('search the head on the weights that the neck had in its search (Table 7)'),
    resourceConstraint: z
      .boolean()
      .default(true)
      .describe('have little of parameters, operations and memory access (section 3.5, Table 7)'),
  })
  .readonly()

const retrainSchema = z
  .strictObject({
    ...descentFor({ steps: 600, batch: 4, learningRate: 0.02 }),
    batchNorm: z
      .boolean()
      .default(true)
      .describe('normalise searched necks and heads: they are trained without it in a search'),
    seeds: seeds.describe('each detector is trained once with each'),
  })
  .readonly()

const { population, tournament } = evolutionConfigSchema.shape

const evolutionSchema = z
  .strictObject({
    population: population.default(10),
    tournament: tournament.default(3),
    evaluations: count(MOST_EVALUATIONS).default(24).describe('detectors that are trained in all'),
    perRound: count(MOST_EVALUATIONS)
      .default(4)
      .describe('of these at once; the budget is checked between rounds'),
    steps: descent.steps
      .default(100)
      .describe('optimiser steps of each, in place of retrain.steps: its early stop'),
  })
  .readonly()

const baselinesSchema = z
  .strictObject({
    fpn: z.boolean().default(true).describe("FPN's neck and head"),
    random: countOrNone(MOST_BASELINES).default(2).describe('necks and heads drawn from the space'),
    snas: z.boolean().default(false).describe('what SNAS finds in the same space, in as many steps'),
    evolution: evolutionSchema
      .optional()
      .describe(
        'regularised evolution (Real et al. 2019) in the same space (section 4.3): detectors are trained for a few steps, and the best of them is a baseline',
      ),
  })
  .readonly()

export const autoFpnConfigSchema = z
  .strictObject({
    pipeline: z.literal('auto-fpn').describe('the system to run'),
    name: nameSchema.default('auto-fpn'),
    dataset: detectionConfig.describe('what to learn'),
    image: imageSize
      .default([128, 256])
      .describe('[height, width] of what detectors see, in pixels: images are scaled to fit, and padded'),
    augmentation: augmentationSchema.prefault({}).describe('how training images are varied'),
    backbone: backboneSchema.prefault({}),
    detector: detectorSchema
      .prefault({})
      .describe(
        'sizes that all detectors of the run share: of two stages, with regions and a head for each, which is searched, too; or of one, with the heads of SSD on a pyramid of n levels (section 3.2.1), of which the neck is searched',
      ),
    space: spaceSchema.prefault({}).describe('what can be found (section 4.1)'),
    search: searchSchema.prefault({}).describe('how neck and head are searched (section 3.4)'),
    retrain: retrainSchema
      .prefault({})
      .describe('how the detector that was found, and the baselines, are trained'),
    baselines: baselinesSchema
      .prefault({})
      .describe('detectors trained just like the one that was found, to be shown beside it'),
    budget: z
      .strictObject(limits)
      .readonly()
      .refine(hasLimit, { error: 'give at least one limit: usd, gpuHours or hours' })
      .optional()
      .describe(BUDGET),
    ...common,
  })
  .refine(({ search, baselines }) => search.genotype === undefined || !baselines.snas, {
    path: ['baselines', 'snas'],
    error: 'SNAS searches, and with search.genotype nothing is searched: leave out one of them',
  })
  .refine(({ search, baselines }) => search.genotype === undefined || baselines.evolution === undefined, {
    path: ['baselines', 'evolution'],
    error: 'evolution searches, and with search.genotype nothing is searched: leave out one of them',
  })
  .refine(({ detector, search }) => !isOneStage(detector) || search.modules !== 'head', {
    path: ['search', 'modules'],
    error: 'of a one-stage detector the neck alone is searched: leave it out',
  })
  .refine(({ detector, image }) => !isOneStage(detector) || detector.levels <= levelsOn(image), {
    path: ['detector', 'levels'],
    error:
      'images are too small for so many levels: above the next to last, each has to be smaller than the one before',
  })
  .refine(({ image, search, retrain }) => fitsOneTensor(Math.max(search.batch, retrain.batch), ...image), {
    path: ['image'],
    error: TOO_LARGE_A_BATCH,
  })
  .readonly()

export type AutoFpnConfig = z.infer<typeof autoFpnConfigSchema>

/** How many levels a pyramid has on images until one is a single place. */
const levelsOn = (image: readonly [number, number]): number =>
  1 + Math.ceil(Math.log2(Math.max(...image) / ONE_STAGE_STRIDES[0]))

/** A part of a detector that is searched by itself. */
export const MODULES = ['neck', 'head'] as const
export type Module = (typeof MODULES)[number]

/** What can be searched: one-stage detectors keep the heads of SSD. */
export const searchableOf = ({ detector }: Pick<AutoFpnConfig, 'detector'>): readonly Module[] =>
  isOneStage(detector) ? ['neck'] : MODULES

/** In the order in which they are searched; none where the run trains what was found before. */
export const modulesOf = ({ detector, search: { modules, genotype } }: AutoFpnConfig): readonly Module[] =>
  searchableOf({ detector }).filter(
    (module) => genotype === undefined && (modules === 'both' || modules === module),
  )

/** At most how many rounds evolution has; 0 where there is none. */
export const evolutionRoundsOf = ({ baselines: { evolution } }: AutoFpnConfig): number =>
  evolution === undefined ? 0 : Math.ceil(evolution.evaluations / evolution.perRound)

/** Levels that a neck fuses. */
export const levelsOf = ({ detector }: Pick<AutoFpnConfig, 'detector'>): number =>
  isOneStage(detector) ? detector.levels : LEVEL_STRIDES.length

/** Whether searches read features that were computed before. */
export const cachesFeatures = (config: AutoFpnConfig): boolean =>
  config.search.freezeBackbone && modulesOf(config).length > 0

/** What a search of some modules finds; the others are FPN's. */
export const dimensionsOf = (config: AutoFpnConfig, modules: readonly Module[]): AutoFpnDimensions => ({
  neck: modules.includes('neck') ? { levels: levelsOf(config), layers: config.space.layers } : null,
  head: modules.includes('head') ? { cells: config.space.cells } : null,
})

/** Of one module. */
export const searchOf = ({ search }: AutoFpnConfig): SearchSettings => ({
  ...descentOf(search),
  clip: search.clip,
  architecture: search.architecture,
  architectureFrom: search.stepTraining ? Math.floor(WEIGHTS_ALONE * search.steps) : 0,
  lambda: search.resourceConstraint ? search.lambda : 0,
  batchNorm: search.batchNorm,
  freezeBackbone: search.freezeBackbone,
})
