import { z } from 'zod'
import type { ClassificationConfig } from '../data/config.ts'
import type { ClassificationDataset } from '../data/dataset.ts'
import { prefixesOf } from '../data/prefixes.ts'
import { succeeded, unit } from './result.ts'
import type { Task } from './task.ts'

/** A larger matrix would outweigh all else that is told of a training. */
export const MOST_CONFUSED_CLASSES = 100

const confusionSchema = z
  .array(z.array(z.int().nonnegative()).readonly())
  .readonly()
  .describe(
    `validation images by class, in rows, and by prediction; of up to ${MOST_CONFUSED_CLASSES} classes`,
  )
export type Confusion = z.infer<typeof confusionSchema>

const resultSchema = z
  .strictObject({
    ...succeeded,
    score: unit.describe('top-1 accuracy over the validation images'),
    top5: unit.describe('top-5 accuracy'),
    confusion: confusionSchema.optional(),
  })
  .readonly()
export type Classified = z.infer<typeof resultSchema>

/** A class for every image. */
export const classification: Task<ClassificationConfig, ClassificationDataset, Classified> = {
  name: 'classification',
  score: 'top-1',
  result: resultSchema,
  // What reads images is loaded where a dataset is opened: functions and reports know tasks, and open none.
  open: async (...of) => (await import('../data/open-classification.ts')).openClassification(...of),
  prefixesOf,
  nameOf: (source) => (source.kind === 'shapes' ? 'Synthetic shapes' : source.path),
}
