import { z } from 'zod'
import { contentHash } from '../../hash.ts'
import { hashSchema } from '../../runs/contract.ts'
import { backboneKey } from './backbone.ts'
import type { DpcRun } from './run.ts'
import { augmentationOf } from './settings.ts'

/** What determines the cached features: the backbone, the images, and how these were cropped. */
export function featuresKey(record: DpcRun): string {
  const { proxy, seed, compute } = record.config
  return contentHash({
    contract: record.contract,
    backbone: backboneKey(record),
    dataset: record.dataset.fingerprint,
    augmentation: augmentationOf(proxy),
    views: proxy.views,
    seed,
    engine: compute.engine,
  })
}

/** Of a batch: a photograph of twelve megapixels takes a gigabyte while its features are computed. */
const MOST_PIXELS = 20e6
const MOST_SAMPLES = 8

/** Images of a size whose features are computed at once. */
export const featuresBatch = ([height, width]: readonly [number, number]): number =>
  Math.min(MOST_SAMPLES, Math.max(1, Math.floor(MOST_PIXELS / (height * width))))

const size = z.tuple([z.int().positive(), z.int().positive()]).readonly()
const splitSchema = z
  .strictObject({
    image: size.describe('[height, width] of the images that the features were computed from'),
    shards: z
      .array(z.strictObject({ key: z.string(), samples: z.int().positive() }).readonly())
      .min(1)
      .readonly(),
  })
  .readonly()

/** Written after the shards: where it is, they are whole. */
export const featuresManifestSchema = z
  .strictObject({
    features: hashSchema,
    channels: z.int().positive(),
    train: splitSchema,
    validation: splitSchema,
  })
  .readonly()
export type FeaturesManifest = z.infer<typeof featuresManifestSchema>
