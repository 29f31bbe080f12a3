import { z } from 'zod'
import type { DetectionConfig } from '../data/detection/config.ts'
import type { DetectionDataset } from '../data/detection/dataset.ts'
import { prefixesOfBoxes } from '../data/detection/prefixes.ts'
import { succeeded, unit } from './result.ts'
import type { Task } from './task.ts'

const ofSome = unit.nullable()

const resultSchema = z
  .strictObject({
    ...succeeded,
    score: unit.describe(
      'AP over the validation images: the mean over classes and over IoU of 0.5, 0.55, …, 0.95 (COCO)',
    ),
    ap50: unit.describe('at an IoU of 0.5'),
    ap75: unit.describe('at an IoU of 0.75'),
    bySize: z
      .strictObject({
        small: ofSome.describe('below 32² pixels'),
        medium: ofSome,
        large: ofSome.describe('above 96² pixels'),
      })
      .readonly()
      .describe('AP of things of one size; null where there are none'),
    classes: z
      .array(
        z
          .strictObject({
            ap: unit,
            ap50: unit,
            precision: z
              .array(unit)
              .length(21)
              .readonly()
              .describe('at an IoU of 0.5, at recalls of 0, 0.05 … 1'),
          })
          .readonly()
          .nullable(),
      )
      .readonly()
      .describe('in the order of labels; null for a class of which there are no boxes'),
  })
  .readonly()
export type Detected = z.infer<typeof resultSchema>

/** A box around every thing. */
export const detection: Task<DetectionConfig, DetectionDataset, Detected> = {
  name: 'detection',
  score: 'AP',
  result: resultSchema,
  // What reads images is loaded where a dataset is opened.
  open: async (...of) => (await import('../data/detection/open.ts')).openDetection(...of),
  prefixesOf: prefixesOfBoxes,
  nameOf: (source) => {
    switch (source.kind) {
      case 'street':
        return 'Synthetic street, boxes'
      case 'bdd100k':
        return 'BDD100K'
      case 'visual-genome':
        return 'Visual Genome'
      default:
        return source.path
    }
  },
}
