import { z } from 'zod'
import { imageAugmentationSchema } from '../../data/image-augmentation-schema.ts'
import { engine } from '../../runs/config.ts'
import { contractSchema, hashSchema } from '../../runs/contract.ts'
import { denseNasGenotypeSchema } from '../../spaces/densenas/genotype.ts'
import { denseNasSpaceSchema } from '../../spaces/densenas/space-schema.ts'
import type { ClassifierNetwork } from './classifier-network.ts'
import { spaceOf } from './config.ts'
import { latencyKey } from './latency.ts'
import type { DenseNasRun } from './run.ts'
import { classifierSettings, supernetSettings } from './settings.ts'

const task = {
  contract: contractSchema,
  image: z.int().positive(),
  classes: z.int().positive(),
  dataset: z.string().min(1).describe('fingerprint'),
  augmentation: imageAugmentationSchema,
  seed: z.int(),
  engine,
}

type Task = { readonly [K in keyof typeof task]: z.infer<(typeof task)[K]> }

/** The search of a supernet (DenseNAS section 3.3). */
export const supernetSpecSchema = z
  .strictObject({
    kind: z.literal('supernet'),
    ...task,
    space: denseNasSpaceSchema,
    search: z.strictObject(supernetSettings).readonly(),
    costs: hashSchema.nullable().describe('key of the latency table; null for multiply-adds'),
  })
  .readonly()
export type SupernetSpec = z.infer<typeof supernetSpecSchema>

export const classifierNetworkSchema: z.ZodType<ClassifierNetwork> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('densenas'), genotype: denseNasGenotypeSchema }).readonly(),
  z
    .strictObject({
      kind: z.literal('mobilenet-v2'),
      width: z.number().positive(),
      stride: z.literal([4, 8, 16, 32]).describe('input pixels a feature pixel at its end'),
    })
    .readonly(),
])

/** A network trained from its initial weights. */
export const classifierSpecSchema = z
  .strictObject({
    kind: z.literal('classifier'),
    ...task,
    network: classifierNetworkSchema,
    optimiser: z.strictObject({ steps: z.int().positive(), ...classifierSettings }).readonly(),
  })
  .readonly()
export type ClassifierSpec = z.infer<typeof classifierSpecSchema>

const taskOf = ({ contract, config, dataset }: DenseNasRun, seed: number): Task => ({
  contract,
  image: config.image,
  classes: dataset.classes.length,
  dataset: dataset.fingerprint,
  augmentation: config.augmentation,
  seed,
  engine: config.compute.engine,
})

export function supernetSpec(record: DenseNasRun): SupernetSpec {
  const { batch, table, measurement, ...cost } = record.config.search.cost
  return {
    kind: 'supernet',
    ...taskOf(record, record.config.seed),
    space: spaceOf(record.config),
    search: { ...record.config.search, cost },
    costs: latencyKey(record),
  }
}

export function classifierSpec(
  record: DenseNasRun,
  network: ClassifierNetwork,
  seed: number,
): ClassifierSpec {
  const { epochs, seeds, ...optimiser } = record.config.retrain
  return {
    kind: 'classifier',
    ...taskOf(record, seed),
    network,
    optimiser: { ...optimiser, steps: Math.ceil((epochs * record.dataset.train) / optimiser.batch) },
  }
}
