import { TrellisError } from '../errors.ts'
import type { OpenOptions } from './files.ts'
import { type Inventory, readerOf, stillHolds, takeInventory, type VersionedReader } from './inventory.ts'
import { type DatasetOf, type ImagesConfig, openImages } from './open-images.ts'

type Open = (path: string) => VersionedReader

/**
 * Checks all files of a dataset in their current versions; a generated dataset has none.
 * @throws TrellisError `invalid-dataset` with the first invalid file
 */
export async function surveyDataset<C extends ImagesConfig>(
  config: C,
  open: Open,
  { onProgress }: Pick<OpenOptions, 'onProgress'> = {},
): Promise<{ readonly dataset: DatasetOf<C>; readonly files: Inventory }> {
  // Before the files are read: the versions of files that change meanwhile are then outdated, not wrong.
  const files = 'path' in config ? await takeInventory(open(config.path)) : {}
  const dataset = await openImages(config, (path) => readerOf(files, open(path)), {
    ...(onProgress && { onProgress }),
  })
  return { dataset, files }
}

/**
 * Opens a dataset with the files of an earlier survey, without new ones. If versions differ, all files are checked again: they
 * may have been copied.
 * @param files the survey's inventory; without one, files are trusted
 * @throws TrellisError `invalid-dataset` where the dataset has changed
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
