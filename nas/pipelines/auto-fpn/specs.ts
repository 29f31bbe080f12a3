import { z } from 'zod'
import { BACKBONE_NAMES } from '../../nets/backbones/names.ts'
import { engine } from '../../runs/config.ts'
import { contractSchema, hashSchema } from '../../runs/contract.ts'
import { type AutoFpnGenotype, autoFpnGenotypeSchema } from '../../spaces/auto-fpn/genotype.ts'
import { dimensionsOf, MODULES, type Module, searchOf } from './config.ts'
import { backboneKey, featuresKey } from './inputs.ts'
import type { AutoFpnRun } from './run.ts'
import {
  augmentationSchema,
  descentOf,
  descentSchema,
  detectorSchema,
  imageSize,
  METHODS,
  searchSchema,
} from './settings.ts'

const backboneSchema = z
  .strictObject({
    network: z.enum(BACKBONE_NAMES),
    width: z.number().positive(),
    weights: hashSchema.describe('key of its weights'),
  })
  .readonly()

const task = {
  contract: contractSchema,
  image: imageSize,
  classes: z.int().positive(),
  dataset: z.string().min(1).describe('fingerprint'),
  augmentation: augmentationSchema,
  backbone: backboneSchema,
  detector: detectorSchema,
  seed: z.int(),
  engine,
}

type Task = { readonly [K in keyof typeof task]: z.infer<(typeof task)[K]> }

const dimensionsSchema = z
  .strictObject({
    neck: z.strictObject({ levels: z.int().positive(), layers: z.int().positive() }).readonly().nullable(),
    head: z.strictObject({ cells: z.int().positive() }).readonly().nullable(),
  })
  .readonly()

/** The search of one module (Auto-FPN section 3.4). */
export const supernetSpecSchema = z
  .strictObject({
    kind: z.literal('supernet'),
    ...task,
    module: z.enum(MODULES),
    method: z.enum(METHODS),
    space: dimensionsSchema,
    search: searchSchema,
    neck: z
      .strictObject({
        genotype: autoFpnGenotypeSchema,
        trial: hashSchema.nullable().describe('whose weights the neck starts from; null for fresh ones'),
      })
      .readonly()
      .nullable()
      .describe("on which the head is searched; null for FPN's, or where the neck is searched"),
    features: hashSchema
      .nullable()
      .describe('key of the cached features; null where the backbone is trained'),
  })
  .readonly()
export type SupernetSpec = z.infer<typeof supernetSpecSchema>

const training = { ...task, batchNorm: z.boolean(), optimiser: descentSchema }

/** A detector trained in full. */
export const detectorSpecSchema = z
  .strictObject({
    kind: z.literal('detector'),
    ...training,
    genotype: autoFpnGenotypeSchema.nullable().describe("null for FPN's neck and head"),
  })
  .readonly()
export type DetectorSpec = z.infer<typeof detectorSpecSchema>

/** A detector trained for a few steps, for its score alone. */
export const proxySpecSchema = z
  .strictObject({ kind: z.literal('proxy'), ...training, genotype: autoFpnGenotypeSchema })
  .readonly()
export type ProxySpec = z.infer<typeof proxySpecSchema>

const taskOf = (record: AutoFpnRun, seed: number): Task => {
  const { config, dataset } = record
  const { network, width } = config.backbone
  return {
    contract: record.contract,
    image: config.image,
    classes: dataset.classes.length,
    dataset: dataset.fingerprint,
    augmentation: config.augmentation,
    backbone: { network, width, weights: backboneKey(record) },
    detector: config.detector,
    seed,
    engine: config.compute.engine,
  }
}

/** @param neck on which a head is searched, and the trial that found it; null for FPN's */
export function supernetSpec(
  record: AutoFpnRun,
  module: Module,
  method: (typeof METHODS)[number],
  neck: { readonly genotype: AutoFpnGenotype; readonly trial: string } | null,
): SupernetSpec {
  const { config } = record
  return {
    kind: 'supernet',
    ...taskOf(record, config.seed),
    module,
    method,
    space: dimensionsOf(config, [module]),
    search: searchOf(config),
    neck: neck && { genotype: neck.genotype, trial: config.search.pretrainedNeck ? neck.trial : null },
    features: config.search.freezeBackbone ? featuresKey(record) : null,
  }
}

const trainingOf = (record: AutoFpnRun, seed: number) => {
  const { batchNorm, ...retrain } = record.config.retrain
  return { ...taskOf(record, seed), batchNorm, optimiser: descentOf(retrain) }
}

export function detectorSpec(
  record: AutoFpnRun,
  genotype: AutoFpnGenotype | null,
  seed: number,
): DetectorSpec {
  const training = trainingOf(record, seed)
  // FPN has no module that was searched.
  return { kind: 'detector', ...training, genotype, batchNorm: genotype !== null && training.batchNorm }
}

/** Of a run in which detectors evolve: trained until their early stop. */
export function proxySpec(record: AutoFpnRun, genotype: AutoFpnGenotype): ProxySpec {
  const training = trainingOf(record, record.config.seed)
  const { steps } = record.config.baselines.evolution!
  return { kind: 'proxy', ...training, genotype, optimiser: { ...training.optimiser, steps } }
}
