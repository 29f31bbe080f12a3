import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import type { VocConfig } from './config.ts'
import { IGNORE, type Split } from './dataset.ts'
import { prefixOf } from './keys-below.ts'
import { bySplit, type FilePair, type Layout, labelTable, listFolder, readLines } from './layout.ts'
import { inOneForm } from './pair-files.ts'

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
export async function vocLayout(
  config: VocConfig,
  reader: ObjectReader,
  splits: readonly Split[],
): Promise<Layout> {
  return {
    classes: CLASSES,
    table: labelTable((value) => {
      if (value === BORDER) return IGNORE
      return value < CLASSES.length ? value : undefined
    }),
    warnings: [],
    pairs: await bySplit(splits, NONE, (split) => pairsOf(split, config, reader)),
  }
}

const NONE: readonly FilePair[] = []

async function pairsOf(split: Split, config: VocConfig, reader: ObjectReader): Promise<readonly FilePair[]> {
  const list = config[split]
  if (list === undefined) return NONE
  const key = `ImageSets/Segmentation/${list}.txt`
  const names = await readLines(reader, key, split)
  if (names.length === 0) {
    throw new TrellisError('invalid-dataset', `${reader.location}/${key} lists no image`, {
      fix: 'name another list in `train`, `validation` or `test` of the dataset',
    })
  }
  if (new Set(names).size < names.length) {
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    throw new TrellisError('invalid-dataset', `${reader.location}/${key} lists ${twice} twice`, {
      fix: 'strike one of the two lines',
    })
  }
  const image = await finder('JPEGImages', '.jpg', reader)
  const mask = await finder(config.labels, '.png', reader)
  return names.map((name) => ({ name, image: image(name), mask: mask(name) }))
}

/** Gives the key of a file in a folder by its name without suffix, whatever the case of that and the form of its letters. */
async function finder(
  folder: string,
  suffix: string,
  reader: ObjectReader,
): Promise<(name: string) => string> {
  const keys = new Set(await listFolder(reader, folder))
  const form = (key: string) =>
    inOneForm(key.slice(0, -suffix.length)) + key.slice(-suffix.length).toLowerCase()
  const others = new Map([...keys].map((key) => [form(key), key]))
  return (name) => {
    const expected = `${prefixOf(folder)}${name}${suffix}`
    return keys.has(expected) ? expected : (others.get(form(expected)) ?? expected)
  }
}
