import { type Comparison, comparisonSchema } from '../../../nas/pipelines/auto-fpn/comparison.ts'
import { autoFpnKeys } from '../../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnRun } from '../../../nas/pipelines/auto-fpn/run.ts'
import { getJson, RESUME } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { detection } from '../../../nas/tasks/detection.ts'
import { rankDetectors } from '../../../report/auto-fpn/comparison.ts'
import { nothingTrained } from '../../nothing-trained.ts'
import type { ComparedNetworks, TrainedNetwork } from '../pipeline.ts'
import { trainedNetworks } from '../trained-networks.ts'

/** The detector found and its baselines, the best by score first. */
export async function trained(store: ObjectStore, run: string): Promise<readonly TrainedNetwork[]> {
  const { contenders } = await readComparison(store, run)
  return trainedNetworks(contenders, detection.score, ({ role, genotype }) => ({
    baseline: role === 'found' ? null : role,
    genotype,
  }))
}

/** Likewise, side by side. */
export const compared = async (
  store: ObjectStore,
  { run, dataset }: AutoFpnRun,
): Promise<ComparedNetworks> => ({ ranking: rankDetectors(await readComparison(store, run)), dataset })

/** @throws TrellisError `not-found` before detectors are compared */
export async function readComparison(store: ObjectStore, run: string): Promise<Comparison> {
  const comparison = await getJson(store, autoFpnKeys(run).comparison, comparisonSchema, RESUME)
  if (comparison !== undefined) return comparison
  throw await nothingTrained(store, run)
}
