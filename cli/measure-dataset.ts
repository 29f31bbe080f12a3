import { checkClasses } from '../nas/data/check-classes.ts'
import type { Measures } from '../nas/data/dataset.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import type { Dataset } from '../nas/tasks/task.ts'
import { count, counted } from '../report/format.ts'
import { createTerminal } from './terminal.ts'

/**
 * How often each class occurs in a dataset that was not checked, and how large its images are: reads masks or boxes, and no image whose size they tell.
 * @throws TrellisError `invalid-dataset` for what a search would not start with
 */
export async function measureDataset(
  { dataset: source }: Pick<RunConfig, 'dataset'>,
  dataset: Dataset,
): Promise<Measures> {
  const terminal = createTerminal()
  try {
    const measures = await dataset.measure((done, total) => {
      const line = `counting the classes of ${counted(total, 'image')}: ${count(done)} done`
      terminal.show({ block: [[line]], line })
    })
    if (measures.counts) checkClasses(dataset.classes, measures.counts, source)
    return measures
  } finally {
    terminal.close()
  }
}
