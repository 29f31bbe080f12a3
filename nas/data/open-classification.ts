import type { ObjectReader } from '../store/store.ts'
import { type ClassLayout, classLayout, layoutOfSplit } from './class-folders.ts'
import type { ClassFoldersConfig, ClassificationConfig } from './config.ts'
import type { ClassificationDataset } from './dataset.ts'
import type { OpenOptions } from './files.ts'
import { labelledFiles } from './labelled-files.ts'
import { shapesDataset } from './shapes/dataset.ts'
import { withStoredNames } from './stored-names.ts'

/**
 * Opens a dataset and checks all of its files, so that no job fails of one hours later.
 * @param open a reader for a folder or an `s3://` address
 * @throws TrellisError `invalid-dataset` with the first invalid file
 */
export async function openClassification(
  config: ClassificationConfig,
  open: (path: string) => ObjectReader,
  options: OpenOptions = {},
): Promise<ClassificationDataset> {
  if (config.kind === 'shapes') return shapesDataset(config)
  const reader = open(config.path)
  const layout = await readLayout(await withStoredNames(config, reader), reader, options)
  return labelledFiles(layout, reader, config.limit, options)
}

const readLayout = (
  config: ClassFoldersConfig,
  reader: ObjectReader,
  { only }: OpenOptions,
): Promise<ClassLayout> =>
  only === undefined ? classLayout(config, reader) : layoutOfSplit(config, reader, only.split, only.classes)
