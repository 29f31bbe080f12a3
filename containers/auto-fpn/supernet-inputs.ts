import type { DetectionDataset } from '../../nas/data/detection/dataset.ts'
import { trainingHalves } from '../../nas/data/detection/halves.ts'
import { featuresManifestSchema } from '../../nas/pipelines/auto-fpn/inputs.ts'
import { pyramidOf } from '../../nas/pipelines/auto-fpn/network.ts'
import type { SupernetSpec } from '../../nas/pipelines/auto-fpn/specs.ts'
import { featuresKeys } from '../../nas/runs/inputs.ts'
import { readWeights } from '../../nas/runs/model.ts'
import { readMade } from '../../nas/runs/read-made.ts'
import type { Half } from '../../nas/spaces/auto-fpn/search/search-step.ts'
import { RESUME, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Tensors } from '../../nas/tensor.ts'
import { trainDetection } from '../../nas/training/detection/batches.ts'
import { openLevels } from '../../nas/training/detection/cached-levels.ts'
import { fromCache, fromImages } from '../../nas/training/detection/features.ts'
import type { Features } from '../../nas/training/detection/forward.ts'
import { levelShapes } from '../../nas/training/detection/level-shapes.ts'
import { readBackbone } from '../backbone.ts'

/* What a search of a module reads: features that were cached, or images where the backbone is trained as well. */

/** What the supernet is trained on. */
export function featuresOf(spec: SupernetSpec): Features {
  const { features, image, search } = spec
  const backbone = pyramidOf(spec)
  return features === null
    ? fromImages(backbone, search.batch, image)
    : fromCache(levelShapes(backbone, image), search.batch)
}

/** Batches of each half of the training images, by step. */
export async function batchesOf(
  store: ObjectStore,
  { features, seed, image: size, augmentation, search: { batch } }: SupernetSpec,
  dataset: DetectionDataset,
): Promise<Readonly<Record<Half, (step: number) => Promise<Tensors>>>> {
  if (features === null) {
    const halves = trainingHalves(dataset.train, seed)
    const of = (refs: (typeof halves)[number]) => (step: number) =>
      trainDetection(dataset, refs, { batch, seed, step, crop: size, ...augmentation })
    return { weights: of(halves[0]), architecture: of(halves[1]) }
  }
  const { manifest } = featuresKeys(features)
  const read = (key: string) => readMade(store, { key, manifest })
  const shards = await requireJson(store, manifest, featuresManifestSchema, RESUME, RESUME)
  const of = (half: Half) => {
    const levels = openLevels(read, shards[half])
    return (step: number) => levels.batch({ batch, seed, step })
  }
  return { weights: of('weights'), architecture: of('architecture') }
}

/** Those of the backbone where it is trained, and of the neck on which a head is searched. */
export async function initialWeights(
  store: ObjectStore,
  { features, backbone, neck }: SupernetSpec,
): Promise<Tensors> {
  const trained = features === null ? await readBackbone(store, backbone.weights) : {}
  if (neck === null || neck.trial === null) return trained
  const weights = Object.entries(await readWeights(store, neck.trial))
  return { ...trained, ...Object.fromEntries(weights.filter(([name]) => /^(neck|rpn)\//.test(name))) }
}
