import type { ObjectReader } from '../store/store.ts'
import type { ClassificationConfig, DatasetConfig } from './config.ts'
import type { ClassificationDataset, SegmentationDataset } from './dataset.ts'
import type { OpenOptions } from './files.ts'
import { openDataset } from './open.ts'
import { openClassification } from './open-classification.ts'

/** The images of any task. */
export type ImagesConfig = DatasetConfig | ClassificationConfig
export type DatasetOf<C extends ImagesConfig> = C extends ClassificationConfig
  ? ClassificationDataset
  : SegmentationDataset

/**
 * Opens a dataset of any task and checks all of its files.
 * @throws TrellisError `invalid-dataset` with the first invalid file
 */
export const openImages = <C extends ImagesConfig>(
  config: C,
  open: (path: string) => ObjectReader,
  options: OpenOptions = {},
): Promise<DatasetOf<C>> =>
  (isForClassification(config)
    ? openClassification(config, open, options)
    : openDataset(config as DatasetConfig, open, options)) as Promise<DatasetOf<C>>

const isForClassification = (config: ImagesConfig): config is ClassificationConfig =>
  config.kind === 'class-folders' || config.kind === 'shapes'
