import { z } from 'zod'
import { count, seed, text } from '../bounds.ts'
import { locationSchema } from '../store/location.ts'

/** More images than any dataset has. */
const MOST_IMAGES = 1_000_000_000

const limit = z
  .strictObject({
    train: count(MOST_IMAGES).optional().describe('training images'),
    validation: count(MOST_IMAGES).optional().describe('validation images'),
    test: count(MOST_IMAGES).optional().describe('test images'),
  })
  .optional()
  .describe('use only so many images of a split, spread evenly over their sorted names')

const path = locationSchema.describe('a folder or an s3:// address')

const subfolder = text.overwrite((folder) => folder.replace(/\/+$/, ''))

const split = z
  .strictObject({
    images: subfolder.describe('folder of images'),
    labels: subfolder.describe('folder of masks'),
    list: text
      .optional()
      .describe('text file below `path` with a name of an image a line; default all images of the folder'),
  })
  .optional()

/** A mask has a byte for a pixel, and one value counts for nothing. */
export const MOST_CLASSES = 255

const className = text.max(200).regex(/\S/, 'a name has no letters')

/** Names of classes, in the order of their labels. */
export const classNames = z
  .array(className)
  .min(1)
  .max(MOST_CLASSES)
  .refine((names) => new Set(names).size === names.length, 'name each class once')

/** Test images that judge nothing else: those of validation have picked the winner. */
const apart = <C extends { readonly validation?: unknown; readonly test?: unknown }>({
  validation,
  test,
}: C): boolean => test === undefined || JSON.stringify(test) !== JSON.stringify(validation)

const NOT_APART = {
  path: ['test'],
  error: 'these are the validation images, by which the search chooses: name others',
}

const kept = 'that are scored once, at the end; by default none'

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
    limit,
  })
  .refine(apart, NOT_APART)

const cityscapes = z.strictObject({ kind: z.literal('cityscapes'), path, limit })

const voc = z
  .strictObject({
    kind: z.literal('voc'),
    path: path.describe('the folder of one year, e.g. VOCdevkit/VOC2012'),
    train: text.default('train').describe('list in ImageSets/Segmentation, e.g. trainaug'),
    validation: text.default('val').describe('list in the same folder'),
    test: text.optional().describe(`list of images ${kept}`),
    labels: subfolder.default('SegmentationClass').describe('folder of masks'),
    limit,
  })
  .refine(apart, NOT_APART)

/** Each image of a generated dataset is an entry in memory; a million are about as many as ImageNet has. */
const generated = count(1_000_000)

const street = z.strictObject({
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
    train: subfolder.default('train').describe('folder of the training images'),
    validation: subfolder
      .optional()
      .describe(
        'folder of the validation images; default val, validation, valid or test, the first there is',
      ),
    test: subfolder.optional().describe(`folder of images ${kept}`),
    limit,
  })
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
