import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import { readClassNames } from './class-names.ts'
import type { FoldersConfig } from './config.ts'
import { IGNORE, type Split } from './dataset.ts'
import { IMAGE } from './image-format.ts'
import { prefixOf } from './keys-below.ts'
import { bySplit, type FilePair, type Layout, labelTable, listFolder, readLines } from './layout.ts'
import { FORMATS, leftOut, unreadImages } from './left-out.ts'
import { inOneForm, pairFiles } from './pair-files.ts'

/** Common subfolder names: of CamVid and most others, of ADE20K. */
const SUBFOLDERS = { train: ['train', 'training'], validation: ['val', 'validation'], test: [] } as const

/** Images in one folder a split, masks of the same name in another, or beside them. */
export async function foldersLayout(
  config: FoldersConfig,
  reader: ObjectReader,
  splits: readonly Split[],
): Promise<Layout> {
  const classes = await readClassNames(config.classes, reader)
  const first = config.zeroIsIgnored ? 1 : 0
  const { train, validation, test } = await bySplit(splits, NONE, (split) => pairsOf(split, config, reader))
  return {
    classes,
    table: labelTable((value) => {
      if (value === config.ignoreLabel || value < first) return IGNORE
      return value - first < classes.length ? value - first : undefined
    }),
    pairs: { train: train.pairs, validation: validation.pairs, test: test.pairs },
    warnings: leftOut(
      [train, validation, test].flatMap(({ others }) => others),
      reader.location,
    ),
  }
}

interface Place {
  readonly images: string
  readonly labels: string
  readonly list?: string | undefined
}

/** Where the images of a split may be: the first folder that has any is taken. */
export const placesOf = (split: Split, config: FoldersConfig): readonly Place[] =>
  config[split]
    ? [config[split]]
    : SUBFOLDERS[split].map((name) => ({ images: `images/${name}`, labels: `annotations/${name}` }))

interface Found {
  readonly pairs: readonly FilePair[]
  /** Keys in the folder of images that are none. */
  readonly others: readonly string[]
}
const NONE: Found = { pairs: [], others: [] }

async function pairsOf(split: Split, config: FoldersConfig, reader: ObjectReader): Promise<Found> {
  const places = placesOf(split, config)
  const unread: string[] = []
  for (const place of places) {
    const { images, labels, list } = place
    const keys = await listFolder(reader, images)
    const ofMasks = images === labels ? keys : await listFolder(reader, labels)
    const isMask = masksAmong(keys, place, config.maskSuffix)
    const found = keys.filter((key) => IMAGE.test(key) && !isMask(key))
    const others = keys.filter((key) => !IMAGE.test(key))
    unread.push(...others)
    if (found.length === 0) continue
    const pairs = pairFiles(found, ofMasks, place, config.maskSuffix ?? '')
    return { pairs: list === undefined ? pairs : await listed(pairs, split, images, list, reader), others }
  }
  const tried = places.map(({ images }) => `${reader.location}/${images}`).join(' or ')
  const inOtherFormats = unreadImages(unread)
  if (inOtherFormats) {
    throw new TrellisError(
      'invalid-dataset',
      `no ${split} images in ${tried} that can be read: ${inOtherFormats}`,
      {
        fix: `convert them to one of ${FORMATS}`,
      },
    )
  }
  throw new TrellisError('invalid-dataset', `no ${split} images (${FORMATS}) in ${tried}`, {
    fix: `check \`path\`, or name the folders in \`${split}: {images, labels}\``,
  })
}

/** Which files in the folder of images are masks: those in a folder below it; beside images, those with the suffix, or the PNGs. */
function masksAmong(
  keys: readonly string[],
  { images, labels }: Place,
  suffix: string | undefined,
): (key: string) => boolean {
  if (images !== labels)
    return (key) => labels.startsWith(prefixOf(images)) && key.startsWith(prefixOf(labels))
  if (suffix !== undefined) return (key) => key.toLowerCase().endsWith(`${suffix}.png`.toLowerCase())
  const isPng = (key: string) => /\.png$/i.test(key)
  if (keys.some(isPng) && !keys.some((key) => IMAGE.test(key) && !isPng(key))) {
    throw new TrellisError(
      'invalid-dataset',
      `all images and masks in ${images} are PNGs: nothing tells them apart`,
      {
        fix: 'move the masks to a folder of their own, or say what their names have more than those of images: maskSuffix: _mask',
      },
    )
  }
  return isPng
}

/** The pairs that a text file names, by the path below `images`, with or without its suffix. */
async function listed(
  pairs: readonly FilePair[],
  split: Split,
  images: string,
  list: string,
  reader: ObjectReader,
): Promise<FilePair[]> {
  const byName = new Map(pairs.map((pair) => [inOneForm(pair.name), pair]))
  const names = new Set(
    (await readLines(reader, list, `${split}.list`)).map((line) => inOneForm(line.replace(IMAGE, ''))),
  )
  const missing = [...names].find((name) => !byName.has(name))
  if (missing !== undefined || names.size === 0) {
    const where = `${reader.location}/${list}`
    throw new TrellisError(
      'invalid-dataset',
      missing === undefined
        ? `${where} lists no image`
        : `${where} lists ${missing}, and ${reader.location}/${images} has no such image`,
      { fix: 'write the name of an image a line into it, as its path below the folder of images' },
    )
  }
  return [...names].map((name) => byName.get(name)!)
}
