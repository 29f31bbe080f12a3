import type { SegmentationDataset } from '../../nas/data/dataset.ts'
import { inheritedNetworks, type Supernet } from '../../nas/pipelines/topformer/inherited.ts'
import type { Result } from '../../nas/runs/result.ts'
import type { TopformerGenotype } from '../../nas/spaces/topformer/genotype.ts'
import type { Segmented } from '../../nas/tasks/segmentation.ts'
import { segmentationGraph } from '../../nas/training/segmentation.ts'
import { score } from '../result.ts'
import type { TopformerContext } from './context.ts'

interface Evaluated extends Supernet {
  readonly dataset: SegmentationDataset
  /** Training images whose statistics a network gets. */
  readonly images: number
  readonly seed: number
}

/** What scores networks of a supernet, once its programs are compiled. */
export interface Evaluator {
  score(genotype: TopformerGenotype): Promise<Result<Segmented>>
  dispose(): Promise<void>
}

/** Scores networks with the weights that they inherit: statistics from training images, then all validation images. */
export async function evaluator(
  { engine }: Pick<TopformerContext, 'engine'>,
  { loss, ...evaluated }: Evaluated,
): Promise<Evaluator> {
  const networks = await inheritedNetworks(engine, evaluated)
  const { supernet, dataset } = evaluated
  return {
    async score(genotype) {
      await networks.calibrate(genotype)
      const single = segmentationGraph({
        network: supernet.networkOf(genotype),
        input: { name: 'image', shape: [1, 3, ...networks.whole] },
        labels: networks.whole,
      })
      const classes = dataset.classes.length
      return score({
        ...networks.calibrated,
        batches: networks.validation(),
        classes,
        single,
        losses: [loss],
      })
    },
    dispose: networks.dispose,
  }
}
