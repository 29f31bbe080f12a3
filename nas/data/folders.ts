import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import type { FoldersConfig } from './config.ts'
import { IGNORE, type Split } from './dataset.ts'
import { type FilePair, type Layout, labelTable, listFolder, readLines } from './layout.ts'

export const IMAGE = /\.(jpe?g|png)$/i

/** Common subfolder names: of CamVid and most others, of ADE20K. */
const SUBFOLDERS = { train: ['train', 'training'], validation: ['val', 'validation'], test: [] } as const

/** Images in one folder a split, masks of the same name in another. */
export async function foldersLayout(config: FoldersConfig, reader: ObjectReader): Promise<Layout> {
  const classes = await classNames(config.classes, reader)
  const first = config.zeroIsIgnored ? 1 : 0
  return {
    classes,
    table: labelTable((value) => {
      if (value === config.ignoreLabel || value < first) return IGNORE
      return value - first < classes.length ? value - first : undefined
    }),
    pairs: {
      train: await pairsOf('train', config, reader),
      validation: await pairsOf('validation', config, reader),
      test: config.test === undefined ? [] : await pairsOf('test', config, reader),
    },
  }
}

async function classNames(
  classes: FoldersConfig['classes'],
  reader: ObjectReader,
): Promise<readonly string[]> {
  if (typeof classes === 'number') return Array.from({ length: classes }, (_, label) => `class ${label}`)
  if (typeof classes !== 'string') return classes
  const names = await readLines(reader, classes)
  if (names.length === 0 || names.length > 255) {
    throw new TrellisError('invalid-dataset', `${reader.location}/${classes} names ${names.length} classes`, {
      fix: 'write 1 to 255 class names into it, one a line',
    })
  }
  return names
}

async function pairsOf(split: Split, config: FoldersConfig, reader: ObjectReader): Promise<FilePair[]> {
  const places = config[split]
    ? [config[split]]
    : SUBFOLDERS[split].map((name) => ({
        images: `images/${name}`,
        labels: `annotations/${name}`,
        list: undefined,
      }))
  for (const { images, labels, list } of places) {
    const keys = (await listFolder(reader, images)).filter((key) => IMAGE.test(key))
    if (keys.length === 0) continue
    const pairs = keys.map((image) => {
      const name = image.slice(images.length + 1).replace(IMAGE, '')
      return { name, image, mask: `${labels}/${name}.png` }
    })
    return list === undefined ? pairs : listed(pairs, images, list, reader)
  }
  const tried = places.map(({ images }) => `${reader.location}/${images}`).join(' or ')
  throw new TrellisError('invalid-dataset', `no ${split} images (.jpg, .png) in ${tried}`, {
    fix: `check \`path\`, or name the folders in \`${split}: {images, labels}\``,
  })
}

/** The pairs that a text file names, by the path below `images`, with or without its suffix. */
async function listed(
  pairs: readonly FilePair[],
  images: string,
  list: string,
  reader: ObjectReader,
): Promise<FilePair[]> {
  const byName = new Map(pairs.map((pair) => [pair.name, pair]))
  const names = new Set((await readLines(reader, list)).map((line) => line.replace(IMAGE, '')))
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
