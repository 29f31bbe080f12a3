import { z } from 'zod'
import { contentHash } from '../hash.ts'
import { type DpcGenotype, dpcGenotypeSchema } from '../spaces/dpc/genotype.ts'
import { jsonBytes } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { backboneKey } from './backbone.ts'
import { CONTRACT, hashSchema } from './contract.ts'
import type { DatasetFacts } from './dataset.ts'
import { classifierSpecSchema, supernetSpecSchema } from './densenas/specs.ts'
import { featuresKey } from './features.ts'
import { trialKeys } from './keys.ts'
import type { DpcRun } from './run.ts'
import { augmentationOf, augmentationSchema, cell, engine, optimiserOf, optimiserSchema } from './settings.ts'

const model = {
  contract: z.literal(CONTRACT),
  genotype: dpcGenotypeSchema,
  ...cell,
  classes: z.int().positive(),
  seed: z.int(),
  engine,
}

type Model = { readonly [K in keyof typeof model]: z.infer<(typeof model)[K]> }

/** A cell trained on cached features (DPC section 3.3). */
const proxySpecSchema = z
  .strictObject({ kind: z.literal('proxy'), ...model, features: hashSchema, optimiser: optimiserSchema })
  .readonly()

/** A cell trained together with its backbone. */
const trainSpecSchema = z
  .strictObject({
    kind: z.literal('train'),
    ...model,
    backbone: hashSchema,
    dataset: z.string().min(1).describe('fingerprint'),
    augmentation: augmentationSchema,
    optimiser: optimiserSchema,
  })
  .readonly()

/** All that determines the result of a trial, and nothing else. */
export const trialSpecSchema = z.discriminatedUnion('kind', [
  proxySpecSchema,
  trainSpecSchema,
  supernetSpecSchema,
  classifierSpecSchema,
])
export type ProxySpec = z.infer<typeof proxySpecSchema>
export type TrainSpec = z.infer<typeof trainSpecSchema>
export type TrialSpec = z.infer<typeof trialSpecSchema>

export const trialKey = (spec: TrialSpec): string => contentHash(spec)

const modelOf = ({ config }: DpcRun, dataset: DatasetFacts, genotype: DpcGenotype, seed: number): Model => ({
  contract: CONTRACT,
  genotype,
  filters: config.space.filters,
  pyramidPooling: config.space.pyramidPooling,
  classes: dataset.classes.length,
  seed,
  engine: config.compute.engine,
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
})

/** Writes the spec where jobs look for it; returns the trial's key. Equal trials write equal bytes. */
export async function putSpec(store: ObjectStore, spec: TrialSpec): Promise<string> {
  const trial = trialKey(spec)
  await store.put(trialKeys(trial).spec, jsonBytes(spec))
  return trial
}
