import { z } from 'zod'
import { count, seed, text } from '../../bounds.ts'
import {
  allowAbsentClasses,
  apart,
  inside,
  kept,
  limit,
  NOT_APART,
  namesOfClasses,
  path,
  street,
} from '../config.ts'
import { keyBelow } from '../keys-below.ts'

/** Far more than any dataset of boxes has. */
const MOST_CLASSES = 10_000

const classes = namesOfClasses(MOST_CLASSES).optional()

const voc = z
  .strictObject({
    kind: z.literal('voc'),
    path: path.describe(
      'the folder that holds JPEGImages, Annotations and ImageSets, e.g. VOCdevkit/VOC2012',
    ),
    train: text.default('train').describe('list in ImageSets/Main'),
    validation: text.default('val').describe('list in the same folder'),
    test: text.optional().describe(`list of images ${kept}`),
    classes: classes.describe(
      'names in the order of their labels, of which every box has one; by default those in the training images, sorted, for which each job reads all their annotations',
    ),
    limit,
    allowAbsentClasses,
  })
  .refine(apart, NOT_APART)

const place = z.strictObject({
  images: text.describe('folder of images'),
  annotations: text.describe('JSON file of images, annotations and categories'),
})
type Place = z.infer<typeof place>

const keysOf = (path: string, { images, annotations }: Place): Place => ({
  images: keyBelow(path, images),
  annotations: keyBelow(path, annotations),
})

const ofCoco = (split: string): Place => ({
  images: `${split}2017`,
  annotations: `annotations/instances_${split}2017.json`,
})

const coco = z
  .strictObject({
    kind: z.literal('coco'),
    path,
    train: place.default(ofCoco('train')).describe('folder and file of the training images'),
    validation: place.default(ofCoco('val')).describe('folder and file of the validation images'),
    test: place.optional().describe(`folder and file of images ${kept}`),
    classes: classes.describe(
      'names in the order of their labels, of which every box has one; by default the categories of the training file, by id',
    ),
    limit,
    allowAbsentClasses,
  })
  .overwrite(({ train, validation, test, ...config }) => ({
    ...config,
    train: keysOf(config.path, train),
    validation: keysOf(config.path, validation),
    ...(test && { test: keysOf(config.path, test) }),
  }))
  .superRefine(inside(({ train, validation, test }) => ({ train, validation, test })))
  .refine(apart, NOT_APART)

const bdd100k = z.strictObject({
  kind: z.literal('bdd100k'),
  path: path.describe('the folder that holds images/100k and labels'),
  limit,
  allowAbsentClasses,
})

const visualGenome = z
  .strictObject({
    kind: z.literal('visual-genome'),
    path: path.describe('the folder that holds objects.json, image_data.json, VG_100K and VG_100K_2'),
    train: text
      .optional()
      .describe('text file below `path` with the id of an image a line; default all other images'),
    validation: z
      .union([text, z.number().gt(0).lt(1)])
      .default(0.05)
      .describe('likewise, or the part of all images but those of `test` that is drawn by `seed`'),
    test: text.optional().describe(`list of images ${kept}`),
    seed: seed.default(0).describe('another seed draws other validation images'),
    classes: z
      .union([namesOfClasses(MOST_CLASSES), count(MOST_CLASSES)])
      .default(1000)
      .describe('synsets, or how many: the most frequent in the training images; other objects are left out'),
    limit,
    allowAbsentClasses,
  })
  .overwrite(({ train, validation, test, ...config }) => ({
    ...config,
    ...(train !== undefined && { train: keyBelow(config.path, train) }),
    validation: typeof validation === 'string' ? keyBelow(config.path, validation) : validation,
    ...(test !== undefined && { test: keyBelow(config.path, test) }),
  }))
  .superRefine(
    inside(({ train, validation, test }) => ({
      train,
      ...(typeof validation === 'string' && { validation }),
      test,
    })),
  )
  .refine(({ train, validation }) => train === undefined || typeof validation === 'string', {
    path: ['validation'],
    error: 'where `train` is a list, name a list of validation images, too',
  })
  .refine(apart, NOT_APART)

/** Which images with boxes; `street` is generated and needs no download. */
export const detectionConfig = z.discriminatedUnion('kind', [voc, coco, bdd100k, visualGenome, street])

export type DetectionConfig = z.infer<typeof detectionConfig>
export type VocBoxesConfig = z.infer<typeof voc>
export type CocoConfig = z.infer<typeof coco>
export type VisualGenomeConfig = z.infer<typeof visualGenome>
