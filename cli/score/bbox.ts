import { z } from 'zod'
import type { Bbox } from '../../nas/metrics/detection/boxes.ts'

const side = z.number().nonnegative()

/** COCO's [left, top, width, height]. */
export const bboxSchema = z
  .tuple([z.number(), z.number(), side, side], {
    error: ({ input }) =>
      input === undefined ? undefined : 'must be four numbers: left, top, width and height',
  })
  .transform(([left, top, width, height]): Bbox => ({ left, top, width, height }))
