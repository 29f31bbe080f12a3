import type { Inventory, VersionedReader } from '../nas/data/inventory.ts'
import type { ImagesConfig } from '../nas/data/open-images.ts'
import { surveyDataset } from '../nas/data/survey.ts'
import { type DatasetFacts, factsOf } from '../nas/runs/dataset.ts'
import { openStore } from '../nas/store/open.ts'
import { count, counted } from '../report/format.ts'
import { createTerminal } from './terminal.ts'

/**
 * Looks at every image and mask, telling how far it has come.
 * @param open reads a folder or an `s3://` address
 * @throws TrellisError `invalid-dataset` for the first that is wrong
 */
export async function checkDataset(
  config: ImagesConfig,
  open: (path: string) => VersionedReader = openStore,
): Promise<{ readonly dataset: DatasetFacts; readonly files: Inventory }> {
  const terminal = createTerminal()
  try {
    const { dataset, files } = await surveyDataset(config, open, {
      onProgress: (done, total) => {
        const line = `checking ${counted(total, 'image')}: ${count(done)} done`
        terminal.show({ block: [line], line })
      },
    })
    return { dataset: factsOf(dataset), files }
  } finally {
    terminal.close()
  }
}
