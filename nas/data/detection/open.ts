import type { ObjectReader } from '../../store/store.ts'
import type { Split } from '../dataset.ts'
import { type OpenOptions, splitsToRead } from '../files.ts'
import { withStoredNames } from '../stored-names.ts'
import { bdd100kBoxes } from './bdd100k.ts'
import { cocoBoxes } from './coco.ts'
import type { DetectionConfig } from './config.ts'
import type { DetectionDataset } from './dataset.ts'
import { boxFiles } from './files.ts'
import type { BoxLayout } from './layout.ts'
import { streetWithBoxes } from './street.ts'
import { visualGenomeBoxes } from './visual-genome.ts'
import { vocBoxes } from './voc.ts'

/**
 * Opens a dataset and checks all of its files, so that no job fails of one hours later.
 * @param open a reader for a folder or an `s3://` address
 * @throws TrellisError `invalid-dataset` with the first invalid file
 */
export async function openDetection(
  config: DetectionConfig,
  open: (path: string) => ObjectReader,
  options: OpenOptions = {},
): Promise<DetectionDataset> {
  if (config.kind === 'street') return streetWithBoxes(config)
  const reader = open(config.path)
  const splits = splitsToRead('test' in config ? config : {}, options)
  const layout = await readLayout(
    await withStoredNames(config, reader),
    reader,
    splits,
    options.only?.classes,
  )
  return boxFiles(layout, reader, config.limit, options)
}

function readLayout(
  config: Exclude<DetectionConfig, { kind: 'street' }>,
  reader: ObjectReader,
  splits: readonly Split[],
  given: readonly string[] | undefined,
): Promise<BoxLayout> {
  switch (config.kind) {
    case 'voc':
      return vocBoxes(config, reader, splits, given)
    case 'coco':
      return cocoBoxes(config, reader, splits, given)
    case 'bdd100k':
      return bdd100kBoxes(reader, splits, given)
    case 'visual-genome':
      return visualGenomeBoxes(config, reader, splits, given)
  }
}
