import { factsOf } from '../nas/runs/dataset.ts'
import { openStore } from '../nas/store/open.ts'
import { checkDataset } from './check-dataset.ts'
import type { LookAt } from './pipelines/pipeline.ts'

/** At every file of a dataset, where it is. */
export const lookInPlace: LookAt = async (task, source) => ({
  source,
  ...(await checkDataset(task, source)),
})

/** At folders and lists alone. The fingerprint is that of no dataset whose images would have to be read. */
export const lookUnread: LookAt = async (task, source) => ({
  source,
  dataset: factsOf(await task.open(source, openStore, { fingerprint: 'not checked' })),
  files: {},
  counts: undefined,
  extent: undefined,
  warnings: [],
})
