import { checkClasses } from '../nas/data/check-classes.ts'
import type { VersionedReader } from '../nas/data/inventory.ts'
import { type Survey, surveyDataset } from '../nas/data/survey.ts'
import { type DatasetFacts, factsOf } from '../nas/runs/dataset.ts'
import { openStore } from '../nas/store/open.ts'
import type { DatasetSource, Task } from '../nas/tasks/task.ts'
import { count, counted } from '../report/format.ts'
import { createTerminal } from './terminal.ts'

type Open = (path: string) => VersionedReader

/**
 * Checks every image and its labels, and that there is something to learn in each class. Shows how far it is.
 * @param open reads a folder or an `s3://` address
 * @throws TrellisError `invalid-dataset` for the first that is wrong
 */
export async function checkDataset(
  task: Task,
  source: DatasetSource,
  open?: Open,
): Promise<Survey<DatasetFacts>> {
  const survey = await checkFiles(task, source, open)
  if (survey.counts) checkClasses(survey.dataset.classes, survey.counts, source)
  return survey
}

/** Checks every image and its labels alone: a run that goes on has its classes, as a run of an earlier version chose them. */
export async function checkFiles(
  task: Task,
  source: DatasetSource,
  open: Open = openStore,
): Promise<Survey<DatasetFacts>> {
  const terminal = createTerminal()
  try {
    const { dataset, ...noted } = await surveyDataset(task, source, open, {
      onProgress: (done, total) => {
        const line = `checking ${counted(total, 'image')}: ${count(done)} done`
        terminal.show({ block: [[line]], line })
      },
    })
    return { dataset: factsOf(dataset), ...noted }
  } finally {
    terminal.close()
  }
}
