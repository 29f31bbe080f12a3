import pLimit from 'p-limit'
import { sha256 } from '../checksum.ts'
import { TrellisError } from '../errors.ts'
import { contentHash } from '../hash.ts'
import type { ObjectReader } from '../store/store.ts'
import { IGNORE, type Sample, type SampleRef, type SegmentationDataset, type Split } from './dataset.ts'
import { decodeImage, decodeMask } from './decode.ts'
import type { FilePair, Layout } from './layout.ts'

export interface OpenOptions {
  /** Called after each checked image. */
  readonly onProgress?: (done: number, total: number) => void
  /** The fingerprint that an earlier opening computed: files are then trusted, and read only when they are loaded. */
  readonly fingerprint?: string
}

const SPLITS: readonly Split[] = ['train', 'validation', 'test']

/** A dataset of image and mask files; every file has been decoded once without error. */
export async function filesDataset(
  layout: Layout,
  reader: ObjectReader,
  limit: { readonly [split in Split]?: number | undefined } = {},
  { onProgress = () => {}, fingerprint }: OpenOptions = {},
): Promise<SegmentationDataset> {
  const pairs = new Map<string, FilePair>()
  const refs: Record<Split, SampleRef[]> = { train: [], validation: [], test: [] }
  for (const split of SPLITS) {
    const sorted = layout.pairs[split].toSorted((a, b) => (a.name < b.name ? -1 : 1))
    for (const pair of spread(sorted, limit[split])) {
      const key = `${split}/${pair.name}`
      const duplicate = pairs.get(key)
      if (duplicate) {
        throw new TrellisError(
          'invalid-dataset',
          `${reader.location}: ${duplicate.image} and ${pair.image} have one name`,
          { fix: 'remove one of the two' },
        )
      }
      pairs.set(key, pair)
      refs[split].push({ split, name: pair.name })
    }
  }
  const load = async (ref: SampleRef) => {
    const { image, mask } = await readPair(pairs.get(`${ref.split}/${ref.name}`)!, reader)
    return decodePair(ref.name, image, mask, layout)
  }
  return {
    classes: layout.classes,
    ignoreLabel: IGNORE,
    ...refs,
    fingerprint: fingerprint ?? (await checkAll(layout, pairs, reader, onProgress)),
    load,
  }
}

/** At most `limit` items, evenly spaced over the list: neighbours are often frames of one video. */
export const spread = <T>(items: readonly T[], limit = items.length): readonly T[] =>
  limit >= items.length
    ? items
    : Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)]!)

interface File {
  readonly where: string
  readonly bytes: Uint8Array
}

async function readPair(pair: FilePair, reader: ObjectReader): Promise<{ image: File; mask: File }> {
  const [image, mask] = await Promise.all([reader.get(pair.image), reader.get(pair.mask)])
  const whereImage = `${reader.location}/${pair.image}`
  const whereMask = `${reader.location}/${pair.mask}`
  if (image === undefined) {
    throw new TrellisError('invalid-dataset', `image ${whereImage} is missing`, {
      fix: 'restore the file, or strike it from the list',
    })
  }
  if (mask === undefined) {
    throw new TrellisError('invalid-dataset', `image ${whereImage} has no mask: ${whereMask} is missing`, {
      fix: 'add the mask, or remove the image',
    })
  }
  return { image: { where: whereImage, bytes: image }, mask: { where: whereMask, bytes: mask } }
}

async function decodePair(name: string, image: File, mask: File, layout: Layout): Promise<Sample> {
  const pixels = await decodeImage(image.bytes, image.where)
  const labels = decodeMask(mask.bytes, layout.table, mask.where)
  if (pixels.height !== labels.height || pixels.width !== labels.width) {
    throw new TrellisError(
      'invalid-dataset',
      `${image.where} is ${pixels.height}x${pixels.width}, its mask ${mask.where} is ${labels.height}x${labels.width}`,
      { fix: 'make both the same size (mask with nearest neighbour, never smoothed)' },
    )
  }
  return { name, height: pixels.height, width: pixels.width, image: pixels.data, labels: labels.data }
}

/** One pass over all bytes: decodes what `load` will decode, and hashes it. @returns the fingerprint */
async function checkAll(
  layout: Layout,
  pairs: ReadonlyMap<string, FilePair>,
  reader: ObjectReader,
  onProgress: (done: number, total: number) => void,
): Promise<string> {
  const limit = pLimit(2)
  let done = 0
  const usable = new Set<string>()
  const check = async ([key, pair]: [string, FilePair]) => {
    const { image, mask } = await readPair(pair, reader)
    const { labels } = await decodePair(pair.name, image, mask, layout)
    if (labels.some((label) => label !== IGNORE)) usable.add(key.slice(0, key.indexOf('/')))
    onProgress(++done, pairs.size)
    return [key, sha256(image.bytes), sha256(mask.bytes)]
  }
  const hashes = await limit.map(pairs, check).finally(() => limit.clearQueue())
  for (const split of SPLITS) {
    if (usable.has(split) || layout.pairs[split].length === 0) continue
    throw new TrellisError(
      'invalid-dataset',
      `${reader.location}: no usable ${split} image, every pixel is ignored`,
      { fix: `correct the masks, or the ignored value of the dataset` },
    )
  }
  return contentHash({ classes: layout.classes, table: layout.table, files: hashes })
}
