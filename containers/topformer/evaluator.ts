import type { SegmentationDataset } from '../../nas/data/dataset.ts'
import { running } from '../../nas/engines/running.ts'
import { freeze } from '../../nas/graph/freeze.ts'
import { inheritedNetworks, type Supernet } from '../../nas/pipelines/topformer/inherited.ts'
import type { Result } from '../../nas/runs/result.ts'
import type { TopformerGenotype } from '../../nas/spaces/topformer/genotype.ts'
import { EVALUATED_AT_ONCE, evaluationGraph } from '../../nas/spaces/topformer/sub-networks.ts'
import type { Segmented } from '../../nas/tasks/segmentation.ts'
import { score } from '../result.ts'
import type { TopformerContext } from './context.ts'

interface Evaluated extends Supernet {
  readonly dataset: SegmentationDataset
  /** Training images whose statistics a network gets. */
  readonly images: number
  readonly seed: number
}

/** Scores networks of a supernet. */
export type Evaluator = (genotype: TopformerGenotype) => Promise<Result<Segmented>>

/** Scores networks with the weights that they inherit: statistics from training images, then all validation images. */
export async function evaluator(
  { engine }: Pick<TopformerContext, 'engine'>,
  { loss, ...evaluated }: Evaluated,
): Promise<Evaluator> {
  const networks = await inheritedNetworks(engine, evaluated)
  const { supernet, dataset } = evaluated
  return async (genotype) => {
    const network = supernet.networkOf(genotype)
    const graphOf = (images: number) => evaluationGraph(network, [images, 3, ...networks.whole])
    const frozen = freeze(graphOf(EVALUATED_AT_ONCE), await networks.weightsOf(genotype))
    return running(engine, frozen, {}, (run) =>
      score({
        ...run,
        batches: networks.validation(),
        classes: dataset.classes.length,
        single: graphOf(1),
        losses: [loss],
      }),
    )
  }
}
