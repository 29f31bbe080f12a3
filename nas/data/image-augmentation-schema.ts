import { z } from 'zod'
import { countOrNone, range } from '../bounds.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

const flip = z.boolean().default(true).describe('mirror half of the images')

/** How a training image comes to the side that the network sees. */
export const imageAugmentationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('crop'),
    padding: countOrNone(1024).default(4).describe('pixels around the image before it is cropped'),
    flip,
  }),
  z.strictObject({
    kind: z.literal('googlenet'),
    area: range(0.0001, 1).describe('[smallest, largest] part of the image that is kept').default([0.08, 1]),
    ratio: range(0.01, 100)
      .describe('[smallest, largest] width over height of that part')
      .default([3 / 4, 4 / 3]),
    flip,
  }),
]) satisfies z.ZodType<ImageAugmentation>
