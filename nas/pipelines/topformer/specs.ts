import { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { trialKey } from '../../runs/trial.ts'
import { type TopformerGenotype, topformerGenotypeSchema } from '../../spaces/topformer/genotype.ts'
import type { Half } from '../../spaces/topformer/space.ts'
import { topformerSpaceSchema } from '../../spaces/topformer/space-schema.ts'
import { balanceOf, balanceSpec } from '../../tasks/class-balance.ts'
import { spaceOf } from './config.ts'
import { pretrainedOf, pretrainedSchema } from './pretraining.ts'
import type { TopformerRun } from './run.ts'
import {
  augmentationOf,
  augmentationSchema,
  calibrationSchema,
  optimiserOf,
  optimiserSchema,
  sandwichSchema,
  VARIED,
  type Varied,
} from './settings.ts'
import { task } from './spec-task.ts'

type Task = { readonly [K in keyof typeof task]: z.infer<(typeof task)[K]> }

/** The training of a supernet by the sandwich rule. */
const trainedSupernetSchema = z
  .strictObject({
    kind: z.literal('supernet'),
    ...task,
    space: topformerSpaceSchema,
    varied: z.enum(VARIED),
    sandwich: sandwichSchema,
    classBalance: balanceSpec,
    augmentation: augmentationSchema,
    optimiser: optimiserSchema,
    pretrained: pretrainedSchema.optional(),
  })
  .readonly()
export type TrainedSupernetSpec = z.infer<typeof trainedSupernetSchema>

/** A supernet that was trained before the run, and is scored alone. */
const givenSupernetSchema = z
  .strictObject({ kind: z.literal('supernet'), ...task, space: topformerSpaceSchema, weights: hashSchema })
  .readonly()
export type GivenSupernetSpec = z.infer<typeof givenSupernetSchema>

export const supernetSpecSchema = z.union([trainedSupernetSchema, givenSupernetSchema])
export type SupernetSpec = z.infer<typeof supernetSpecSchema>

/** The evaluation of a network that inherits its weights from a supernet, once its statistics are calibrated. */
export const evaluateSpecSchema = z
  .strictObject({
    kind: z.literal('evaluate'),
    ...task,
    supernet: hashSchema.describe('trial'),
    genotype: topformerGenotypeSchema,
    calibration: calibrationSchema,
  })
  .readonly()
export type EvaluateSpec = z.infer<typeof evaluateSpecSchema>

/** What is trained in full. */
export const trainedNetworkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('genotype'), genotype: topformerGenotypeSchema }).readonly(),
  z
    .strictObject({
      kind: z.literal('scaled'),
      width: z.number().positive().describe('multiplier of all widths and heads of TopFormer-B'),
    })
    .readonly(),
])
export type TrainedNetwork = z.infer<typeof trainedNetworkSchema>

export const trainSpecSchema = z
  .strictObject({
    kind: z.literal('train'),
    ...task,
    network: trainedNetworkSchema,
    classBalance: balanceSpec,
    augmentation: augmentationSchema,
    optimiser: optimiserSchema,
    pretrained: z
      .strictObject({ from: pretrainedSchema, space: topformerSpaceSchema })
      .readonly()
      .optional()
      .describe('the supernet of whose weights the network starts with slices, and its space'),
  })
  .readonly()
export type TrainSpec = z.infer<typeof trainSpecSchema>

const taskOf = ({ contract, config, dataset }: TopformerRun, seed: number): Task => ({
  contract,
  classes: dataset.classes.length,
  dataset: dataset.fingerprint,
  attentionScale: config.attentionScale,
  seed,
  engine: config.compute.engine,
})

/** The supernets of a run: one of all networks, or one for each half. */
export const variedIn = ({ config }: Pick<TopformerRun, 'config'>): readonly Varied[] =>
  config.supernet.halves === 'shared' ? ['both'] : ['vit', 'cnn']

export function supernetSpec(record: TopformerRun, varied: Varied): SupernetSpec {
  const { config, supernetWeights } = record
  const { sampled, clip, weights } = config.supernet
  const ofSpace = { kind: 'supernet', ...taskOf(record, config.seed), space: spaceOf(config) } as const
  if (weights !== undefined) return { ...ofSpace, weights: supernetWeights! }
  const pretrained = pretrainedOf(record)
  return {
    ...ofSpace,
    varied,
    sandwich: { sampled, clip },
    ...balanceOf(config),
    augmentation: augmentationOf(config.supernet),
    optimiser: optimiserOf(config.supernet),
    ...(pretrained && { pretrained }),
  }
}

/** The trial of the supernet whose weights networks inherit while a half is searched. */
export const supernetOf = (record: TopformerRun, half: Half): string =>
  trialKey(supernetSpec(record, record.config.supernet.halves === 'shared' ? 'both' : half))

/** @param half that is searched, whose supernet evaluates networks */
export const evaluateSpec = (
  record: TopformerRun,
  genotype: TopformerGenotype,
  half: Half,
): EvaluateSpec => ({
  kind: 'evaluate',
  ...taskOf(record, record.config.seed),
  supernet: supernetOf(record, half),
  genotype,
  calibration: { images: record.config.search.calibration },
})

export function trainSpec(record: TopformerRun, network: TrainedNetwork, seed: number): TrainSpec {
  const from = pretrainedOf(record)
  return {
    kind: 'train',
    ...taskOf(record, seed),
    network,
    ...balanceOf(record.config),
    augmentation: augmentationOf(record.config.retrain),
    optimiser: optimiserOf(record.config.retrain),
    ...(from && { pretrained: { from, space: spaceOf(record.config) } }),
  }
}
