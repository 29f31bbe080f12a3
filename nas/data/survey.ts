import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import type { ClassCounts } from './class-counts.ts'
import type { Extent, Measures } from './dataset.ts'
import type { OpenOptions } from './files.ts'
import { type Inventory, readerOf, stillHolds, takeInventory, type VersionedReader } from './inventory.ts'

type Open = (path: string) => VersionedReader

/** Where a dataset is; one without a path is generated. */
interface Source {
  readonly kind: string
  readonly path?: string
}

/** How the datasets of a task are opened. */
interface Opener<S, D> {
  /** Checks every file. @throws TrellisError `invalid-dataset` with the first file found wrong */
  open(source: S, open: (path: string) => ObjectReader, options?: OpenOptions): Promise<D>
  prefixesOf(source: S): readonly string[]
}

interface Looked {
  readonly warnings: readonly string[]
  measure(): Promise<Measures>
}

export interface Survey<D> {
  readonly dataset: D
  readonly files: Inventory
  /** Undefined for one that is drawn. */
  readonly counts: ClassCounts | undefined
  /** What is to be said of its files, a sentence each. */
  readonly warnings: readonly string[]
  /** Undefined for images that are cropped wherever they are used. */
  readonly extent: Extent | undefined
}

/**
 * Looks at every file of a dataset as it is now. A generated one has no files.
 * @throws TrellisError `invalid-dataset` with the first file found wrong
 */
export async function surveyDataset<S extends Source, D extends Looked>(
  task: Opener<S, D>,
  source: S,
  open: Open,
  { onProgress }: Pick<OpenOptions, 'onProgress'> = {},
): Promise<Survey<D>> {
  // Listed before they are read, so that a file written meanwhile does not pass for the one that was read.
  const files =
    source.path === undefined ? {} : await takeInventory(open(source.path), task.prefixesOf(source))
  const openListed = (path: string): ObjectReader => {
    const reader = open(path)
    // A folder without files is a class that was forgotten, and in no inventory.
    return { ...readerOf(files, reader), ...(reader.folders && { folders: reader.folders }) }
  }
  const dataset = await task.open(source, openListed, { ...(onProgress && { onProgress }) })
  const { counts, extent } = await dataset.measure()
  return { dataset, files, counts, warnings: dataset.warnings, extent }
}

/**
 * Opens a dataset as an earlier survey found it, without the files that came later. Files with other versions are checked
 * again: they may have been copied.
 * @param files that the survey noted; where it noted none, they are trusted
 * @throws TrellisError `invalid-dataset` where it is not that dataset any more
 */
export async function openSurveyed<S extends Source, D extends { readonly fingerprint: string }>(
  task: Opener<S, D>,
  source: S,
  open: Open,
  fingerprint: string,
  files: Inventory | undefined,
): Promise<D> {
  const isTrusted =
    files === undefined ||
    source.path === undefined ||
    stillHolds(files, await takeInventory(open(source.path), task.prefixesOf(source)))
  const dataset = await task.open(
    source,
    (path) => (files === undefined ? open(path) : readerOf(files, open(path))),
    isTrusted ? { fingerprint } : {},
  )
  if (dataset.fingerprint === fingerprint) return dataset
  throw new TrellisError(
    'invalid-dataset',
    `the dataset ${source.path ?? source.kind} is not ${fingerprint} any more`,
    { fix: 'put the files back as they were; for the new ones start a new run, or re-rank a finished one' },
  )
}
