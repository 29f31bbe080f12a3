import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import type { Split } from './dataset.ts'
import { prefixOf } from './keys-below.ts'
import { showRanges } from './ranges.ts'
import { linesOf } from './text.ts'

/** The keys of one image and its mask. */
export interface FilePair {
  readonly name: string
  readonly image: string
  readonly mask: string
  /** A file that may be meant as the mask, where that is missing, and what to do then. */
  readonly similar?: { readonly key: string; readonly fix: string }
}

/** What is read of each split, one after the other; nothing of those that are not asked for. */
export async function bySplit<T>(
  splits: readonly Split[],
  nothing: T,
  read: (split: Split) => Promise<T>,
): Promise<Record<Split, T>> {
  const found: Record<Split, T> = { train: nothing, validation: nothing, test: nothing }
  for (const split of splits) found[split] = await read(split)
  return found
}

/** The labels of mask values: `table[value]` is a class, `IGNORE`, or -1 for an invalid value. */
export type LabelTable = readonly number[]

/** The file pairs of a dataset and its coding of classes: all that differs between kinds of datasets on disk. */
export interface Layout {
  readonly classes: readonly string[]
  readonly table: LabelTable
  /** No pairs of a split `test` that the configuration does not name. */
  readonly pairs: Readonly<Record<Split, readonly FilePair[]>>
  /** What is to be said of the files, a sentence each. */
  readonly warnings: readonly string[]
}

/** @param labelOf the label of a mask value 0..255; undefined for an invalid value */
export const labelTable = (labelOf: (value: number) => number | undefined): LabelTable =>
  Array.from({ length: 256 }, (_, value) => labelOf(value) ?? -1)

/** The valid values of a mask, as ranges: `0..18, 255`. */
export function showAllowed(table: LabelTable): string {
  return showRanges(table.flatMap((label, value) => (label === -1 ? [] : value)))
}

/** All keys below a folder, without hidden files (archives made on a Mac hold `._name.jpg` beside each image). */
export async function listFolder(reader: ObjectReader, folder: string): Promise<string[]> {
  const keys: string[] = []
  try {
    const prefix = prefixOf(folder)
    for await (const key of reader.list(prefix)) {
      if (!`/${key.slice(prefix.length)}`.includes('/.')) keys.push(key)
    }
  } catch (cause) {
    // A name that is not UTF-8.
    if (cause instanceof TrellisError && cause.permanent) throw cause
    throw new TrellisError('invalid-dataset', `cannot list ${reader.location}/${folder}`, {
      fix: 'check that the path is a folder and that you may read it',
      cause,
    })
  }
  return keys
}

/**
 * The lines of a text file that are not blank, trimmed.
 * @param setting key of the dataset that names the file
 * @throws TrellisError `invalid-dataset` where it is missing or no text
 */
export async function readLines(reader: ObjectReader, key: string, setting: string): Promise<string[]> {
  const where = `${reader.location}/${key}`
  const bytes = await reader.get(key)
  if (bytes !== undefined) return linesOf(bytes, where)
  for await (const _ of reader.list(`${key}/`))
    throw new TrellisError('invalid-dataset', `${where} is a folder, not a text file`, {
      fix: `name a file in \`${setting}\` of the dataset`,
    })
  const isNumber = setting === 'classes' && /^\d+$/.test(key)
  throw new TrellisError('invalid-dataset', `there is no ${where}`, {
    fix: isNumber
      ? `write classes: ${key} without quotes, if that is the number of classes`
      : `correct \`${setting}\` of the dataset, or its \`path\``,
  })
}
