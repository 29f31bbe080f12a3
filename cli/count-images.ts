import { TrellisError } from '../nas/errors.ts'
import { contracts } from '../nas/pipelines/index.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { openStore } from '../nas/store/open.ts'
import type { Images } from './throughput.ts'

/** Counts the images of a dataset without reading them; undefined where there are none to count. */
export async function countImages({
  pipeline,
  dataset,
}: Pick<RunConfig, 'pipeline' | 'dataset'>): Promise<Images | undefined> {
  const { task } = contracts.of(pipeline)
  try {
    const { train, validation } = await task.open(dataset, openStore, { fingerprint: 'not checked' })
    return { train: train.length, validation: validation.length }
  } catch (error) {
    if (error instanceof TrellisError) return undefined
    throw error
  }
}
