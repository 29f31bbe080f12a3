import type { ObjectReader } from '../store/store.ts'
import { cityscapesLayout } from './cityscapes.ts'
import type { DatasetConfig } from './config.ts'
import type { SegmentationDataset, Split } from './dataset.ts'
import { filesDataset, type OpenOptions, splitsToRead } from './files.ts'
import { foldersLayout } from './folders.ts'
import type { Layout } from './layout.ts'
import { withStoredNames } from './stored-names.ts'
import { streetDataset } from './street/street.ts'
import { vocLayout } from './voc.ts'

/**
 * Opens a dataset and checks all of its files, so that no job fails of one hours later.
 * @param open a reader for a folder or an `s3://` address
 * @throws TrellisError `invalid-dataset` with the first invalid file
 */
export async function openDataset(
  config: DatasetConfig,
  open: (path: string) => ObjectReader,
  options: OpenOptions = {},
): Promise<SegmentationDataset> {
  if (config.kind === 'street') return streetDataset(config)
  const reader = open(config.path)
  const splits = splitsToRead('test' in config ? config : {}, options)
  const layout = await readLayout(await withStoredNames(config, reader), reader, splits)
  return filesDataset(layout, reader, config.limit, options)
}

function readLayout(
  config: Exclude<DatasetConfig, { kind: 'street' }>,
  reader: ObjectReader,
  splits: readonly Split[],
): Promise<Layout> {
  switch (config.kind) {
    case 'folders':
      return foldersLayout(config, reader, splits)
    case 'cityscapes':
      return cityscapesLayout(reader, splits)
    case 'voc':
      return vocLayout(config, reader, splits)
  }
}
