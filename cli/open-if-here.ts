import { existsSync } from 'node:fs'
import type { Extent } from '../nas/data/dataset.ts'
import { contracts } from '../nas/pipelines/index.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { openStore } from '../nas/store/open.ts'
import type { Dataset } from '../nas/tasks/task.ts'
import type { Images } from './throughput.ts'

/**
 * Opens a dataset without reading its images; undefined where there is nothing at its path.
 * @throws TrellisError `invalid-dataset` for what is wrong with its folders and lists
 */
export async function openIfHere({
  pipeline,
  dataset,
}: Pick<RunConfig, 'pipeline' | 'dataset'>): Promise<Dataset | undefined> {
  if (dataset.path !== undefined && !(await isHere(dataset.path))) return undefined
  return contracts.of(pipeline).task.open(dataset, openStore, { fingerprint: 'not checked' })
}

async function isHere(path: string): Promise<boolean> {
  const { location, list } = openStore(path)
  if (!location.startsWith('s3://')) return existsSync(location)
  for await (const _ of list('')) return true
  return false
}

/** None of a dataset that is not here. */
export const imagesOf = (dataset: Dataset | undefined, extent?: Extent): Images => ({
  train: dataset?.train.length ?? 0,
  validation: dataset?.validation.length ?? 0,
  ...(dataset && dataset.test.length > 0 && { test: dataset.test.length }),
  ...(extent && { extent }),
})
