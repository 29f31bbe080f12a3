import { z } from 'zod'
import { count, seed, text } from '../bounds.ts'
import { locationSchema } from '../store/location.ts'
import { keyBelow } from './keys-below.ts'

/** More images than any dataset has. */
const MOST_IMAGES = 1_000_000_000

export const limit = z
  .strictObject({
    train: count(MOST_IMAGES).optional().describe('training images'),
    validation: count(MOST_IMAGES).optional().describe('validation images'),
    test: count(MOST_IMAGES).optional().describe('test images'),
  })
  .optional()
  .describe('use only so many images of a split, spread evenly over their sorted names')

export const allowAbsentClasses = z
  .boolean()
  .optional()
  .describe('search although some class has no training image; by default that is an error')

export const path = locationSchema.describe('a folder or an s3:// address')

type Key = string | undefined

/** A check that the keys by which a dataset names its files, some of them in sections, are those of files inside the folder. */
export const inside =
  <C>(named: (config: C) => Readonly<Record<string, Key | Readonly<Record<string, Key>>>>) =>
  (config: C, context: z.RefinementCtx<C>): void => {
    const check = (key: Key, path: string[]) => {
      if (key === undefined || !/^\.\.(\/|$)/.test(key)) return
      const message = 'this lies outside of `path`: name a folder there that holds all of the dataset'
      context.addIssue({ code: 'custom', path, message })
    }
    for (const [name, value] of Object.entries(named(config)))
      if (typeof value === 'object') for (const [key, file] of Object.entries(value)) check(file, [name, key])
      else check(value, [name])
  }

const place = z.strictObject({
  images: text.describe('folder of images'),
  labels: text.describe('folder of masks'),
  list: text
    .optional()
    .describe('text file below `path` with a name of an image a line; default all images of the folder'),
})
type Place = z.infer<typeof place>

const split = place.optional()

const keysOf = (path: string, { images, labels, list }: Place): Place => ({
  images: keyBelow(path, images),
  labels: keyBelow(path, labels),
  ...(list !== undefined && { list: keyBelow(path, list) }),
})

/** A mask has a byte for a pixel, and one value counts for nothing. */
export const MOST_CLASSES = 255

/** Characters. */
export const LONGEST_NAME = 200

const className = text.max(LONGEST_NAME).regex(/\S/, 'a name has no letters')

/** Names of classes, in the order of their labels. */
export const namesOfClasses = (most: number) =>
  z
    .array(className)
    .min(1)
    .max(most)
    .refine((names) => new Set(names).size === names.length, 'name each class once')

export const classNames = namesOfClasses(MOST_CLASSES)

/** Test images that judge nothing else: those of validation have picked the winner. */
export const apart = <C extends { readonly validation?: unknown; readonly test?: unknown }>({
  validation,
  test,
}: C): boolean => test === undefined || JSON.stringify(test) !== JSON.stringify(validation)

export const NOT_APART = {
  path: ['test'],
  error: 'these are the validation images, by which the search chooses: name others',
}

export const kept = 'that are scored once, at the end; by default none'

const folders = z
  .strictObject({
    kind: z.literal('folders'),
    path,
    train: split.describe('subfolders; default images/train (or training) and annotations/ likewise'),
    validation: split.describe('subfolders; default images/val (or validation) and annotations/ likewise'),
    test: split.describe(`subfolders of images ${kept}`),
    classes: z
      .union([classNames, count(MOST_CLASSES), text])
      .describe('names, their number, or a text file below `path` with a name a line'),
    ignoreLabel: z.int().min(0).max(255).default(255).describe('mask value that counts for nothing'),
    zeroIsIgnored: z
      .boolean()
      .default(false)
      .describe('mask value 0 counts for nothing too and 1 is the first class, as in ADE20K'),
    maskSuffix: text
      .overwrite((suffix) => suffix.replace(/\.png$/i, ''))
      .optional()
      .describe(
        'what names of masks have more than those of images: `_mask` for 1.jpg and 1_mask.png; default nothing',
      ),
    limit,
    allowAbsentClasses,
  })
  .overwrite(({ train, validation, test, classes, ...config }) => ({
    ...config,
    ...(train && { train: keysOf(config.path, train) }),
    ...(validation && { validation: keysOf(config.path, validation) }),
    ...(test && { test: keysOf(config.path, test) }),
    classes: typeof classes === 'string' ? keyBelow(config.path, classes) : classes,
  }))
  .superRefine(
    inside(({ classes, train, validation, test }) => ({
      ...(typeof classes === 'string' && { classes }),
      train,
      validation,
      test,
    })),
  )
  .refine(apart, NOT_APART)

const cityscapes = z.strictObject({ kind: z.literal('cityscapes'), path, limit, allowAbsentClasses })

const voc = z
  .strictObject({
    kind: z.literal('voc'),
    path: path.describe('the folder of one year, e.g. VOCdevkit/VOC2012'),
    train: text.default('train').describe('list in ImageSets/Segmentation, e.g. trainaug'),
    validation: text.default('val').describe('list in the same folder'),
    test: text.optional().describe(`list of images ${kept}`),
    labels: text.default('SegmentationClass').describe('folder of masks'),
    limit,
    allowAbsentClasses,
  })
  .overwrite((config) => ({ ...config, labels: keyBelow(config.path, config.labels) }))
  .superRefine(inside(({ labels }) => ({ labels })))
  .refine(apart, NOT_APART)

/** Each image of a generated dataset is an entry in memory; a million are about as many as ImageNet has. */
const generated = count(1_000_000)

export const street = z.strictObject({
  kind: z.literal('street'),
  images: generated.default(400).describe('number of training images'),
  validation: generated.default(100).describe('number of validation images'),
  test: generated.optional().describe(`number of images ${kept}`),
  height: z.int().min(32).max(2048).default(128).describe('pixels'),
  width: z.int().min(32).max(4096).default(256).describe('pixels'),
  seed: seed.default(0).describe('other streets for another seed'),
})

/** Which images with a label for every pixel; `street` is generated and needs no download. */
export const datasetConfig = z.discriminatedUnion('kind', [folders, cityscapes, voc, street])

const classFolders = z
  .strictObject({
    kind: z.literal('class-folders'),
    path: path.describe('a folder or an s3:// address that holds <split>/<class>/<image>'),
    train: text.default('train').describe('folder of the training images'),
    validation: text
      .optional()
      .describe(
        'folder of the validation images; default val, validation, valid or test, the first there is',
      ),
    test: text.optional().describe(`folder of images ${kept}`),
    limit,
    allowAbsentClasses,
  })
  .overwrite(({ train, validation, test, ...config }) => ({
    ...config,
    train: keyBelow(config.path, train),
    ...(validation !== undefined && { validation: keyBelow(config.path, validation) }),
    ...(test !== undefined && { test: keyBelow(config.path, test) }),
  }))
  .superRefine(inside(({ train, validation, test }) => ({ train, validation, test })))
  .refine(apart, NOT_APART)
  .readonly()

const shapes = z
  .strictObject({
    kind: z.literal('shapes'),
    images: generated.default(4000).describe('number of training images'),
    validation: generated.default(1000).describe('number of validation images'),
    test: generated.optional().describe(`number of images ${kept}`),
    size: z.int().min(16).max(512).default(32).describe('side, pixels'),
    seed: seed.default(0).describe('other images for another seed'),
  })
  .readonly()

/** Which images with one label each; `shapes` is generated and needs no download. */
export const classificationConfig = z.discriminatedUnion('kind', [classFolders, shapes])

export type DatasetConfig = z.infer<typeof datasetConfig>
export type FoldersConfig = z.infer<typeof folders>
export type VocConfig = z.infer<typeof voc>
export type StreetConfig = z.infer<typeof street>
export type ClassificationConfig = z.infer<typeof classificationConfig>
export type ClassFoldersConfig = z.infer<typeof classFolders>
export type ShapesConfig = z.infer<typeof shapes>
