import type { OpenOptions } from '../nas/data/files.ts'
import { contracts } from '../nas/pipelines/index.ts'
import { openStore } from '../nas/store/open.ts'
import type { Dataset, DatasetSource } from '../nas/tasks/task.ts'
import { count, counted } from '../report/format.ts'
import { createTerminal } from './terminal.ts'

/** Opens a dataset of a pipeline's task, or one split of it, checks every image there, and shows how far it is. */
export async function openWithProgress(
  pipeline: string,
  source: DatasetSource,
  only?: OpenOptions['only'],
): Promise<Dataset> {
  const terminal = createTerminal()
  try {
    return await contracts.of(pipeline).task.open(source, openStore, {
      ...(only && { only }),
      onProgress: (done, total) => {
        const line = `checking ${counted(total, 'image')}: ${count(done)} done`
        terminal.show({ block: [[line]], line })
      },
    })
  } finally {
    terminal.close()
  }
}
