import { z } from 'zod'
import { contentHash } from '../../hash.ts'
import { ONE_STAGE_STRIDES } from '../../nets/detection/strides.ts'
import { hashSchema } from '../../runs/contract.ts'
import type { AutoFpnRun } from './run.ts'
import { isOneStage } from './settings.ts'

/** What determines the weights of the backbone: the file they come from, or all that they were trained with. */
export function backboneKey({ contract, config, dataset, backboneWeights }: AutoFpnRun): string {
  const { network, width, ...origin } = config.backbone
  return contentHash({
    contract,
    network,
    width,
    origin:
      'weights' in origin
        ? { file: backboneWeights }
        : {
            pretrain: origin.pretrain,
            detector: config.detector,
            image: config.image,
            augmentation: config.augmentation,
            dataset: dataset.fingerprint,
            seed: config.seed,
            engine: config.compute.engine,
          },
  })
}

/** What determines the cached features: the backbone, the images, and how these were varied. */
export function featuresKey(record: AutoFpnRun): string {
  const { image, augmentation, search, seed, compute, detector } = record.config
  return contentHash({
    contract: record.contract,
    kind: 'pyramid',
    backbone: backboneKey(record),
    dataset: record.dataset.fingerprint,
    image,
    augmentation,
    views: search.views,
    // Of four levels otherwise, as before there were others.
    ...(isOneStage(detector) && { strides: ONE_STAGE_STRIDES }),
    seed,
    engine: compute.engine,
  })
}

const shards = z
  .array(z.strictObject({ key: z.string(), samples: z.int().positive() }).readonly())
  .min(1)
  .readonly()

/** The two halves of the training images, trainA for the weights and trainB for the architecture (section 3.4). */
export const featuresManifestSchema = z
  .strictObject({ features: hashSchema, weights: shards, architecture: shards })
  .readonly()
export type FeaturesManifest = z.infer<typeof featuresManifestSchema>
