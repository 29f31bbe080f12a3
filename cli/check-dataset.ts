import type { DatasetConfig } from '../nas/data/config.ts'
import { openDataset } from '../nas/data/open.ts'
import type { RunRecord } from '../nas/runs/run.ts'
import { openStore } from '../nas/store/open.ts'
import type { ObjectReader } from '../nas/store/store.ts'
import { count, counted } from '../report/format.ts'
import { createTerminal } from './terminal.ts'

/**
 * Looks at every image and mask, telling how far it has come.
 * @param open reads a folder or an `s3://` address
 * @throws TrellisError `invalid-dataset` for the first that is wrong
 */
export async function checkDataset(
  config: DatasetConfig,
  open: (path: string) => ObjectReader = openStore,
): Promise<RunRecord['dataset']> {
  const terminal = createTerminal()
  try {
    const { classes, train, validation, fingerprint } = await openDataset(config, open, {
      onProgress: (done, total) => {
        const line = `checking ${counted(total, 'image')}: ${count(done)} done`
        terminal.show({ block: [line], line })
      },
    })
    return { classes, train: train.length, validation: validation.length, fingerprint }
  } finally {
    terminal.close()
  }
}
