import { z } from 'zod'
import { engine } from '../../runs/config.ts'
import { contractSchema, hashSchema } from '../../runs/contract.ts'
import type { DatasetFacts } from '../../runs/dataset.ts'
import { type DpcGenotype, dpcGenotypeSchema } from '../../spaces/dpc/genotype.ts'
import { balanceOf, balanceSpec } from '../../tasks/class-balance.ts'
import { backboneKey } from './backbone.ts'
import { featuresKey } from './features.ts'
import type { DpcRun } from './run.ts'
import { augmentationOf, augmentationSchema, cell, optimiserOf, optimiserSchema } from './settings.ts'

const model = {
  contract: contractSchema,
  genotype: dpcGenotypeSchema,
  ...cell,
  classes: z.int().positive(),
  seed: z.int(),
  engine,
  classBalance: balanceSpec,
}

type Model = z.infer<z.ZodObject<typeof model>>

/** A cell trained on cached features (DPC section 3.3). */
export const proxySpecSchema = z
  .strictObject({ kind: z.literal('proxy'), ...model, features: hashSchema, optimiser: optimiserSchema })
  .readonly()
export type ProxySpec = z.infer<typeof proxySpecSchema>

/** A cell trained together with its backbone. */
export const trainSpecSchema = z
  .strictObject({
    kind: z.literal('train'),
    ...model,
    backbone: hashSchema,
    decoder: z.literal(true).optional(),
    dataset: z.string().min(1).describe('fingerprint'),
    augmentation: augmentationSchema,
    optimiser: optimiserSchema,
  })
  .readonly()
export type TrainSpec = z.infer<typeof trainSpecSchema>

const modelOf = (
  { contract, config }: DpcRun,
  dataset: DatasetFacts,
  genotype: DpcGenotype,
  seed: number,
): Model => ({
  contract,
  genotype,
  filters: config.space.filters,
  pyramidPooling: config.space.pyramidPooling,
  classes: dataset.classes.length,
  seed,
  engine: config.compute.engine,
  ...balanceOf(config),
})

export const proxySpec = (record: DpcRun, genotype: DpcGenotype): ProxySpec => ({
  kind: 'proxy',
  ...modelOf(record, record.dataset, genotype, record.config.seed),
  features: featuresKey(record),
  optimiser: optimiserOf(record.config.proxy),
})

/** The backbone stays that of the search, whichever dataset it is now trained on. */
export const trainSpec = (
  record: DpcRun,
  dataset: DatasetFacts,
  genotype: DpcGenotype,
  seed: number,
): TrainSpec => ({
  kind: 'train',
  ...modelOf(record, dataset, genotype, seed),
  backbone: backboneKey(record),
  dataset: dataset.fingerprint,
  augmentation: augmentationOf(record.config.rerank),
  optimiser: optimiserOf(record.config.rerank),
  ...(record.config.decoder && { decoder: true }),
})
