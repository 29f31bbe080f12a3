import { sizeThatHolds } from '../../../nas/data/evaluation-size.ts'
import { spaceOf, type TopformerConfig } from '../../../nas/pipelines/topformer/config.ts'
import type { TopformerDurations } from '../../../nas/pipelines/topformer/estimate.ts'
import { costOf } from '../../../nas/spaces/topformer/cost.ts'
import { largest, smallest } from '../../../nas/spaces/topformer/space.ts'
import { type Images, judged, type Throughput, TRAINING } from '../../throughput.ts'

/** The classifier weighs little, whatever the classes. */
const CLASSES = 10

/** By the multiply-adds of the largest and the smallest network of the space. */
export function topformerDurations(
  config: TopformerConfig,
  images: Images,
  throughput: Throughput,
): TopformerDurations {
  const { supernet, search, retrain } = config
  const space = spaceOf(config)
  // As large as a crop where that is not known.
  const judgedAt = images.extent ? sizeThatHolds(images.extent.height, images.extent.width) : supernet.crop
  const most = (size: Size) => costOf(largest(space), { size, classes: CLASSES }).multiplyAdds
  const least = (size: Size) => costOf(smallest(space), { size, classes: CLASSES }).multiplyAdds
  // What is found is somewhere between them.
  const typical = (size: Size) => (most(size) + least(size)) / 2
  // A network that is sampled is the largest with masked parameters.
  const sandwich = (1 + supernet.sampled) * most(supernet.crop) + least(supernet.crop)
  const inherited = search.calibration * most(supernet.crop) + images.validation * most(judgedAt)
  return {
    secondsPerStep: {
      supernet: (TRAINING * supernet.batch * sandwich) / throughput.alone,
      train: (TRAINING * retrain.batch * typical(retrain.crop)) / throughput.job,
    },
    evaluation: {
      inherited: inherited / throughput.job,
      trained: (judged(images) * typical(judgedAt)) / throughput.job,
    },
  }
}

type Size = readonly [height: number, width: number]
