import { z } from 'zod'
import { hashSchema } from './contract.ts'
import { numbered } from './keys.ts'
import type { StoreLayout } from './store-layout.ts'

/* What a search starts from, made once and shared by all runs: a trained backbone, and features of it. Manifests are written last. */

export const backboneKeys = (backbone: string) =>
  ({
    checkpoint: `backbones/${backbone}/checkpoint.safetensors`,
    weights: `backbones/${backbone}/weights.safetensors`,
    manifest: `backbones/${backbone}/manifest.json`,
  }) as const

/** Written after the weights: where it is, they are whole. */
export const backboneManifestSchema = z
  .strictObject({
    backbone: hashSchema,
    /** Of the network that was trained on top of it; none for weights from a file. */
    score: z.number().min(0).max(1).optional(),
  })
  .readonly()

export const featuresKeys = (features: string) =>
  ({
    shard: (n: number) => `features/${features}/${numbered(n)}.safetensors`,
    manifest: `features/${features}/manifest.json`,
  }) as const

/** Of pipelines that search on a trained backbone. */
export const INPUTS_LAYOUT: StoreLayout = {
  objects: {
    'backbones/*/checkpoint.safetensors': 'temporary',
    'backbones/*/weights.safetensors': 'latest',
    'backbones/*/manifest.json': 'latest',
    'features/*/manifest.json': 'latest',
    'features/*/*.safetensors': 'latest',
  },
  caches: ['features'],
}
