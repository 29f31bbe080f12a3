import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import type { VocConfig } from './config.ts'
import { IGNORE } from './dataset.ts'
import { type FilePair, type Layout, labelTable, readLines } from './layout.ts'

const CLASSES = [
  'background',
  'aeroplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'diningtable',
  'dog',
  'horse',
  'motorbike',
  'person',
  'pottedplant',
  'sheep',
  'sofa',
  'train',
  'tvmonitor',
]

/** The value of the outline around every object. */
const BORDER = 255

/** One year of PASCAL VOC: lists in `ImageSets/Segmentation`, masks as palette PNGs whose indices are the classes. */
export async function vocLayout(config: VocConfig, reader: ObjectReader): Promise<Layout> {
  return {
    classes: CLASSES,
    table: labelTable((value) => {
      if (value === BORDER) return IGNORE
      return value < CLASSES.length ? value : undefined
    }),
    pairs: {
      train: await pairsOf(config.train, config, reader),
      validation: await pairsOf(config.validation, config, reader),
      test: config.test === undefined ? [] : await pairsOf(config.test, config, reader),
    },
  }
}

async function pairsOf(list: string, config: VocConfig, reader: ObjectReader): Promise<FilePair[]> {
  const key = `ImageSets/Segmentation/${list}.txt`
  const names = await readLines(reader, key)
  if (names.length === 0) {
    throw new TrellisError('invalid-dataset', `${reader.location}/${key} lists no image`, {
      fix: 'name another list in `train`, `validation` or `test` of the dataset',
    })
  }
  return names.map((name) => ({
    name,
    image: `JPEGImages/${name}.jpg`,
    mask: `${config.labels}/${name}.png`,
  }))
}
