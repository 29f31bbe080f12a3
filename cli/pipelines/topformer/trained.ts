import { type Comparison, comparisonSchema } from '../../../nas/pipelines/topformer/comparison.ts'
import { topformerKeys } from '../../../nas/pipelines/topformer/keys.ts'
import type { TopformerRun } from '../../../nas/pipelines/topformer/run.ts'
import { getJson, RESUME } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { segmentation } from '../../../nas/tasks/segmentation.ts'
import { rankNetworks } from '../../../report/topformer/comparison.ts'
import { nothingTrained } from '../../nothing-trained.ts'
import type { ComparedNetworks, TrainedNetwork } from '../pipeline.ts'
import { trainedNetworks } from '../trained-networks.ts'

/** The networks found and their baselines, the best by score first. */
export async function trained(store: ObjectStore, run: string): Promise<readonly TrainedNetwork[]> {
  const { contenders } = await readComparison(store, run)
  return trainedNetworks(contenders, segmentation.score, ({ role, network }) => ({
    baseline: role === 'searched' ? null : role,
    genotype: network.kind === 'genotype' ? network.genotype : network,
  }))
}

/** Those under the limit of the winner, side by side. */
export const compared = async (
  store: ObjectStore,
  { run, dataset }: TopformerRun,
): Promise<ComparedNetworks> => ({ ranking: rankNetworks(await readComparison(store, run)), dataset })

async function readComparison(store: ObjectStore, run: string): Promise<Comparison> {
  const comparison = await getJson(store, topformerKeys(run).comparison, comparisonSchema, RESUME)
  if (comparison !== undefined) return comparison
  throw await nothingTrained(store, run)
}
