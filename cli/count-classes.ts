import { checkClasses } from '../nas/data/check-classes.ts'
import type { ClassCounts } from '../nas/data/class-counts.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import type { Dataset } from '../nas/tasks/task.ts'
import { count, counted } from '../report/format.ts'
import { createTerminal } from './terminal.ts'

/**
 * How often each class occurs in a dataset that is here and was not checked: reads its masks, and no image.
 * @throws TrellisError `invalid-dataset` for what a search would not start with
 */
export async function countClasses(
  { dataset: source }: Pick<RunConfig, 'dataset'>,
  dataset: Dataset | undefined,
): Promise<ClassCounts | undefined> {
  const terminal = createTerminal()
  try {
    const counts = await dataset?.countClasses((done, total) => {
      const line = `counting the classes of ${counted(total, 'mask')}: ${count(done)} done`
      terminal.show({ block: [[line]], line })
    })
    if (dataset && counts) checkClasses(dataset.classes, counts, source)
    return counts
  } finally {
    terminal.close()
  }
}
