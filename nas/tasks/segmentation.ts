import { z } from 'zod'
import type { DatasetConfig } from '../data/config.ts'
import type { SegmentationDataset } from '../data/dataset.ts'
import { prefixesOf } from '../data/prefixes.ts'
import { succeeded, unit } from './result.ts'
import type { Task } from './task.ts'

const resultSchema = z
  .strictObject({
    ...succeeded,
    score: unit.describe('mean IoU over the validation images'),
    iou: z
      .array(unit.nullable())
      .readonly()
      .describe('by class; null for a class that was neither there nor predicted'),
    pixelAccuracy: unit,
  })
  .readonly()
export type Segmented = z.infer<typeof resultSchema>

const NAMES = { street: 'Synthetic street', cityscapes: 'Cityscapes' } as const

/** A class for every pixel. */
export const segmentation: Task<DatasetConfig, SegmentationDataset, Segmented> = {
  name: 'segmentation',
  score: 'mIoU',
  result: resultSchema,
  // What reads images is loaded where a dataset is opened: functions and reports know tasks, and open none.
  open: async (...of) => (await import('../data/open.ts')).openDataset(...of),
  prefixesOf,
  nameOf: (source) =>
    source.kind === 'street' || source.kind === 'cityscapes' ? NAMES[source.kind] : source.path,
}
