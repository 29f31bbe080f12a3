import pLimit from 'p-limit'
import { sha256 } from '../checksum.ts'
import { TrellisError } from '../errors.ts'
import { contentHash } from '../hash.ts'
import type { ObjectReader } from '../store/store.ts'
import type { ClassCounts } from './class-counts.ts'
import {
  IGNORE,
  type Measures,
  type OnProgress,
  type SampleRef,
  type SegmentationDataset,
  type Split,
} from './dataset.ts'
import { readHeader } from './decode.ts'
import { severalSizes } from './evaluation-size.ts'
import { extentOf, type Sized } from './extent.ts'
import type { FilePair, Layout } from './layout.ts'
import { decodeMask } from './mask.ts'
import { classCountsOf, emptyHistogram, type Histogram } from './mask-values.ts'
import { overlapOf } from './overlap.ts'
import { decodePair, maskOf, readPair } from './pair.ts'

export interface OpenOptions {
  readonly onProgress?: OnProgress
  /** The fingerprint that an earlier opening computed: files are then trusted, and read only when they are loaded. */
  readonly fingerprint?: string
  /** One split alone, for networks that tell these classes apart: the others stay empty, and need not be there. */
  readonly only?: { readonly split: Split; readonly classes: readonly string[] }
}

/** The splits of which files are read. */
export const splitsToRead = (
  { test }: { readonly test?: unknown },
  { only }: Pick<OpenOptions, 'only'>,
): readonly Split[] => {
  if (only !== undefined) return [only.split]
  return test === undefined ? ['train', 'validation'] : SPLITS
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
          { fix: 'rename one of the two, and its mask likewise: they would share one' },
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
  const checked =
    fingerprint === undefined
      ? await checkAll(layout, pairs, reader, onProgress)
      : { fingerprint, warnings: [], measures: undefined }
  return {
    classes: layout.classes,
    ignoreLabel: IGNORE,
    ...refs,
    fingerprint: checked.fingerprint,
    warnings: [...layout.warnings, ...checked.warnings],
    load,
    measure: async (onProgress) => checked.measures ?? measureMasks(layout, pairs, reader, onProgress),
  }
}

/** At most `limit` items, evenly spaced over the list: neighbours are often frames of one video. */
export const spread = <T>(items: readonly T[], limit = items.length): readonly T[] =>
  limit >= items.length
    ? items
    : Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)]!)

/** What the fingerprint of a dataset notes of an image that is turned: earlier versions did not. */
export const turned = (orientation: number): readonly string[] =>
  orientation === 1 ? [] : [`orientation ${orientation}`]

interface Checked {
  readonly fingerprint: string
  readonly warnings: readonly string[]
  readonly measures: Measures
}

/** One pass over all bytes: decodes what `load` will decode, hashes it and counts its labels. */
async function checkAll(
  layout: Layout,
  pairs: ReadonlyMap<string, FilePair>,
  reader: ObjectReader,
  onProgress: OnProgress,
): Promise<Checked> {
  const limit = pLimit(2)
  let done = 0
  const histograms = histogramsOfSplits()
  const check = async ([key, pair]: [string, FilePair]) => {
    const { image, mask } = await readPair(pair, reader)
    await decodePair(pair.name, image, mask, layout, histograms[splitOf(key)])
    const { height, width, orientation } = await readHeader(image.bytes, image.where)
    onProgress(++done, pairs.size)
    const hash = sha256(image.bytes)
    return {
      image: { split: splitOf(key), name: pair.image, sha256: hash, height, width },
      hashes: [key, hash, sha256(mask.bytes), ...turned(orientation)],
    }
  }
  const checked = await limit.map(pairs, check).finally(() => limit.clearQueue())
  const images = checked.map(({ image }) => image)
  return {
    fingerprint: contentHash({
      classes: layout.classes,
      table: layout.table,
      files: checked.map(({ hashes }) => hashes),
    }),
    warnings: [...overlapOf(images), ...severalSizes(images.filter(({ split }) => split === 'validation'))],
    measures: {
      extent: extentOf(images),
      counts: countsOf(layout, histograms, reader),
    },
  }
}

/** Reads the masks alone: an image has the size of its mask. */
async function measureMasks(
  layout: Layout,
  pairs: ReadonlyMap<string, FilePair>,
  reader: ObjectReader,
  onProgress: OnProgress = () => {},
): Promise<Measures> {
  const histograms = histogramsOfSplits()
  const masks: Sized[] = []
  for (const [key, pair] of pairs) {
    const { bytes, where } = maskOf(pair, await reader.get(pair.mask), reader)
    const split = splitOf(key)
    const { height, width } = await decodeMask(bytes, layout.table, where, histograms[split])
    masks.push({ split, height, width })
    onProgress(masks.length, pairs.size)
  }
  return { counts: countsOf(layout, histograms, reader), extent: extentOf(masks) }
}

const splitOf = (key: string) => key.slice(0, key.indexOf('/')) as Split

const histogramsOfSplits = (): Record<Split, Histogram> => ({
  train: emptyHistogram(),
  validation: emptyHistogram(),
  test: emptyHistogram(),
})

function countsOf(layout: Layout, histograms: Record<Split, Histogram>, reader: ObjectReader): ClassCounts {
  for (const split of SPLITS) {
    const isUsable = histograms[split].some((pixels, value) => pixels > 0 && layout.table[value] !== IGNORE)
    if (isUsable || layout.pairs[split].length === 0) continue
    throw new TrellisError(
      'invalid-dataset',
      `${reader.location}: no usable ${split} image, every pixel is ignored`,
      { fix: `correct the masks, or the ignored value of the dataset` },
    )
  }
  return classCountsOf(layout.table, layout.classes.length, histograms)
}
