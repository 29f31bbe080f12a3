import { z } from 'zod'
import type { CocoDetection } from '../../nas/metrics/detection/boxes.ts'
import { bboxSchema } from './bbox.ts'
import { parseEntries, readJsonFile, refused } from './read-file.ts'
import type { TruthFile } from './truth-file.ts'

const FIX = "name detections in COCO's format: a list of {image_id, category_id, bbox, score}"

const detectionSchema = z
  .object({ image_id: z.int(), category_id: z.int(), bbox: bboxSchema, score: z.number() })
  .transform(
    ({ image_id, category_id, bbox, score }): CocoDetection => ({
      image: image_id,
      label: category_id,
      bbox,
      score,
    }),
  )

/**
 * Detections in COCO's format of results.
 * @throws TrellisError `invalid-dataset` for a file that has another form, or an image or category that has no truth
 */
export function readDetectionsFile(path: string, truth: TruthFile): readonly CocoDetection[] {
  const json = readJsonFile(path, 'file of detections', FIX)
  if (!Array.isArray(json)) throw refused(noList(path, json), FIX)
  const entries: readonly unknown[] = json
  const name = (i: number) => `${path}: [${i}]`
  const masks = entries.findIndex(isMask)
  if (masks >= 0)
    throw refused(`${name(masks)} has a segmentation and no bbox: only boxes are scored`, 'add its bbox')
  const detections = parseEntries(entries, detectionSchema, name, FIX)
  for (const [i, { image, label }] of detections.entries()) {
    if (!truth.images.has(image))
      throw refused(`${name(i)} is of image ${image}, which the truth does not list`, OTHERS)
    if (!truth.categories.has(label))
      throw refused(`${name(i)} is of category ${label}, which the truth does not list`, OTHERS)
  }
  return detections
}

const OTHERS = 'name the annotations of the same images and categories after --truth'

function noList(path: string, json: unknown): string {
  const isTruth = typeof json === 'object' && json !== null && 'annotations' in json
  return isTruth
    ? `${path} holds annotations, and not detections: are the two swapped?`
    : `${path} is not a list of detections`
}

const isMask = (entry: unknown): boolean =>
  typeof entry === 'object' && entry !== null && 'segmentation' in entry && !('bbox' in entry)
