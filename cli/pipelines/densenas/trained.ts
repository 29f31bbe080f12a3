import { type Comparison, comparisonSchema } from '../../../nas/pipelines/densenas/comparison.ts'
import { denseNasKeys } from '../../../nas/pipelines/densenas/keys.ts'
import type { DenseNasRun } from '../../../nas/pipelines/densenas/run.ts'
import { getJson, RESUME } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { classification } from '../../../nas/tasks/classification.ts'
import { rankNetworks } from '../../../report/densenas/comparison.ts'
import { nothingTrained } from '../../nothing-trained.ts'
import type { ComparedNetworks, TrainedNetwork } from '../pipeline.ts'
import { trainedNetworks } from '../trained-networks.ts'

/** The network found and its baselines, the best by score first. */
export async function trained(store: ObjectStore, run: string): Promise<readonly TrainedNetwork[]> {
  const { contenders } = await readComparison(store, run)
  return trainedNetworks(contenders, classification.score, ({ role, network }) => ({
    baseline: role === 'derived' ? null : role,
    genotype: network.kind === 'densenas' ? network.genotype : network,
  }))
}

/** Likewise, side by side. */
export const compared = async (
  store: ObjectStore,
  { run, dataset }: DenseNasRun,
): Promise<ComparedNetworks> => ({ ranking: rankNetworks(await readComparison(store, run)), dataset })

async function readComparison(store: ObjectStore, run: string): Promise<Comparison> {
  const comparison = await getJson(store, denseNasKeys(run).comparison, comparisonSchema, RESUME)
  if (comparison !== undefined) return comparison
  throw await nothingTrained(store, run)
}
