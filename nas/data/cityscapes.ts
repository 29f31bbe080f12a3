import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import { IGNORE, type Split } from './dataset.ts'
import { bySplit, type FilePair, type Layout, labelTable, listFolder } from './layout.ts'

/** The 19 evaluated classes with their ids in `labelIds` masks (cityscapesScripts, helpers/labels.py). */
const CLASSES = [
  ['road', 7],
  ['sidewalk', 8],
  ['building', 11],
  ['wall', 12],
  ['fence', 13],
  ['pole', 17],
  ['traffic light', 19],
  ['traffic sign', 20],
  ['vegetation', 21],
  ['terrain', 22],
  ['sky', 23],
  ['person', 24],
  ['rider', 25],
  ['car', 26],
  ['truck', 27],
  ['bus', 28],
  ['train', 31],
  ['motorcycle', 32],
  ['bicycle', 33],
] as const

const LAST_ID = 33

/** A licence plate has id -1, which is 255 in an 8-bit mask. */
const LICENCE_PLATE = 255

/** `leftImg8bit/{train,val}/<city>/` and `gtFine/`, with `labelIds` masks. The labels of `test` are not public. */
export async function cityscapesLayout(reader: ObjectReader, splits: readonly Split[]): Promise<Layout> {
  const trainIds = new Map<number, number>(CLASSES.map(([, id], label) => [id, label]))
  return {
    classes: CLASSES.map(([name]) => name),
    table: labelTable((id) =>
      id <= LAST_ID || id === LICENCE_PLATE ? (trainIds.get(id) ?? IGNORE) : undefined,
    ),
    warnings: [],
    pairs: await bySplit(splits, NONE, (split) => pairsOf(FOLDERS[split], reader)),
  }
}

const NONE: readonly FilePair[] = []
const FOLDERS = { train: 'train', validation: 'val', test: undefined } as const

/** The image that a file of `gtFine` or `gtCoarse` belongs to. */
const OF_IMAGE = /([^/]+)_gt(?:Fine|Coarse)_[^/]*$/
const AS_RELEASED = 'masks are <city>/*_gtFine_labelIds.png, as in gtFine_trainvaltest.zip: unpack it again'

async function pairsOf(folder: string | undefined, reader: ObjectReader): Promise<readonly FilePair[]> {
  if (folder === undefined) return NONE
  const images = `leftImg8bit/${folder}`
  const suffix = '_leftImg8bit.png'
  const keys = (await listFolder(reader, images)).filter((key) => key.endsWith(suffix))
  if (keys.length === 0) {
    throw new TrellisError('invalid-dataset', `no *${suffix} in ${reader.location}/${images}`, {
      fix: 'unpack leftImg8bit_trainvaltest.zip and gtFine_trainvaltest.zip into `path`',
    })
  }
  const masks = await listFolder(reader, `gtFine/${folder}`)
  const there = new Set(masks)
  // Masks of ids come last, and may be those of other ids.
  const others = new Map(masks.map((key) => [key.match(OF_IMAGE)?.[1], key]))
  return keys.map((image) => {
    const name = image.slice(images.length + 1, -suffix.length)
    const mask = `gtFine/${folder}/${name}_gtFine_labelIds.png`
    const other = there.has(mask) ? undefined : others.get(name.slice(name.lastIndexOf('/') + 1))
    return { name, image, mask, ...(other !== undefined && { similar: { key: other, fix: AS_RELEASED } }) }
  })
}
