import { comparisonSchema } from '../../../nas/pipelines/densenas/comparison.ts'
import { denseNasKeys } from '../../../nas/pipelines/densenas/keys.ts'
import { bestTrial } from '../../../nas/runs/comparison.ts'
import { RESUME, requireJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { classification } from '../../../nas/tasks/classification.ts'
import type { TrainedNetwork } from '../pipeline.ts'

/** The network found and its baselines, the best by score first. */
export async function trained(store: ObjectStore, run: string): Promise<readonly TrainedNetwork[]> {
  const { contenders } = await requireJson(
    store,
    denseNasKeys(run).comparison,
    comparisonSchema,
    `nothing is trained in full yet: trellis resume ${run}`,
    RESUME,
  )
  return contenders
    .flatMap(({ role, score, network, trials }) =>
      score === null
        ? []
        : [
            {
              baseline: role === 'derived' ? null : role,
              trial: bestTrial(trials),
              score,
              metric: classification.score,
              genotype: network.kind === 'densenas' ? network.genotype : network,
            },
          ],
    )
    .sort((a, b) => b.score - a.score)
}
