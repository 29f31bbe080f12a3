import type { SegmentationDataset } from '../../nas/data/dataset.ts'
import { inheritedNetworks, type Supernet } from '../../nas/pipelines/topformer/inherited.ts'
import type { Result } from '../../nas/runs/result.ts'
import type { TopformerGenotype } from '../../nas/spaces/topformer/genotype.ts'
import { EVALUATED_AT_ONCE, evaluationGraph, scored } from '../../nas/spaces/topformer/sub-networks.ts'
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
    const weights = await networks.weightsOf(genotype)
    const [height, width] = networks.whole
    return scored(engine, { network, weights }, [EVALUATED_AT_ONCE, 3, height, width], (run) =>
      score({
        ...run,
        batches: networks.validation(),
        classes: dataset.classes.length,
        single: evaluationGraph(network, [1, 3, height, width]),
        losses: [loss],
      }),
    )
  }
}
