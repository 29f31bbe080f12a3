import { TrellisError } from '../errors.ts'
import type { OpenOptions } from './files.ts'
import { type Inventory, readerOf, stillHolds, takeInventory, type VersionedReader } from './inventory.ts'
import { type DatasetOf, type ImagesConfig, openImages } from './open-images.ts'

type Open = (path: string) => VersionedReader

/**
 * Looks at every file of a dataset as it is now. Of one that is drawn there are no files.
 * @throws TrellisError `invalid-dataset` with the first file found wrong
 */
export async function surveyDataset<C extends ImagesConfig>(
  config: C,
  open: Open,
  { onProgress }: Pick<OpenOptions, 'onProgress'> = {},
): Promise<{ readonly dataset: DatasetOf<C>; readonly files: Inventory }> {
  // Before they are read: what is written meanwhile is not taken for what was read.
  const files = 'path' in config ? await takeInventory(open(config.path)) : {}
  const dataset = await openImages(config, (path) => readerOf(files, open(path)), {
    ...(onProgress && { onProgress }),
  })
  return { dataset, files }
}

/**
 * Opens a dataset as an earlier survey found it, without the files that came later. Files with other versions are looked at
 * again: they may have been copied.
 * @param files that the survey noted; where it noted none, they are trusted
 * @throws TrellisError `invalid-dataset` where it is not that dataset any more
 */
export async function openSurveyed<C extends ImagesConfig>(
  config: C,
  open: Open,
  fingerprint: string,
  files: Inventory | undefined,
): Promise<DatasetOf<C>> {
  const isTrusted =
    files === undefined || !('path' in config) || stillHolds(files, await takeInventory(open(config.path)))
  const dataset = await openImages(
    config,
    (path) => (files === undefined ? open(path) : readerOf(files, open(path))),
    isTrusted ? { fingerprint } : {},
  )
  if (dataset.fingerprint === fingerprint) return dataset
  const where = 'path' in config ? config.path : config.kind
  throw new TrellisError('invalid-dataset', `the dataset ${where} is not ${fingerprint} any more`, {
    fix: 'put the files back as they were; for the new ones start a new run, or re-rank a finished one',
  })
}
