import { sizeThatHolds } from '../../../nas/data/evaluation-size.ts'
import { cost } from '../../../nas/graph/cost.ts'
import { graphOf } from '../../../nas/nets/count.ts'
import type { Network } from '../../../nas/nets/layers.ts'
import { topformerClassifier } from '../../../nas/nets/topformer/classifier.ts'
import { type TopformerNetwork, topformer } from '../../../nas/nets/topformer/network.ts'
import { spaceOf, type TopformerConfig } from '../../../nas/pipelines/topformer/config.ts'
import type { TopformerDurations } from '../../../nas/pipelines/topformer/estimate.ts'
import type { TopformerGenotype } from '../../../nas/spaces/topformer/genotype.ts'
import { networkOf } from '../../../nas/spaces/topformer/network.ts'
import { partGraphs } from '../../../nas/spaces/topformer/part-graphs.ts'
import { largest, smallest } from '../../../nas/spaces/topformer/space.ts'
import {
  type Images,
  judged,
  type Throughput,
  TRAINING,
  timesWork,
  together,
  type Work,
} from '../../throughput.ts'

/** The classifier weighs little, whatever the classes. */
const CLASSES = 10

/** Of three bursts, each of which compiles a part and runs it for some hundredths of a second. */
const SECONDS_A_PART = 0.3

/** By what the largest and the smallest network of the space compute, read and write. */
export function topformerDurations(
  config: TopformerConfig,
  images: Images,
  throughput: Throughput,
): TopformerDurations {
  const { supernet, search, retrain } = config
  const space = spaceOf(config)
  // As large as a crop where that is not known.
  const judgedAt = images.extent ? sizeThatHolds(images.extent.height, images.extent.width) : supernet.crop
  const most = (size: Size) => workOf(topformer, largest(space), size)
  const least = (size: Size) => workOf(topformer, smallest(space), size)
  // What is drawn or found is somewhere between them.
  const typical = (size: Size) => timesWork(1 / 2, together(most(size), least(size)))
  // A network that is sampled is the largest with masked parameters.
  const sandwich = together(timesWork(1 + supernet.sampled, most(supernet.crop)), least(supernet.crop))
  const inherited = timesWork(search.calibration + images.validation, typical(judgedAt))
  const pretraining = pretrainingOf(config)
  return {
    latency: search.limit.of === 'latency' ? SECONDS_A_PART * partGraphs(space, taskOf(config)).size : 0,
    secondsPerStep: {
      pretrain: TRAINING * throughput.alone(pretraining.step),
      supernet: TRAINING * supernet.batch * throughput.alone(sandwich),
      train: TRAINING * retrain.batch * throughput.job(typical(retrain.crop)),
    },
    evaluation: {
      pretrained: throughput.alone(pretraining.score),
      inherited: throughput.job(inherited),
      trained: judged(images) * throughput.job(typical(judgedAt)),
    },
  }
}

const NO_WORK: Work = { multiplyAdds: 0, memoryTraffic: 0 }

/** Of a step, and of what scores the largest network on as many images as the configuration tells of. */
function pretrainingOf(config: TopformerConfig): { readonly step: Work; readonly score: Work } {
  const { pretrain } = config
  if (pretrain === undefined || 'weights' in pretrain) return { step: NO_WORK, score: NO_WORK }
  const { dataset, image, batch, sampled } = pretrain
  const space = spaceOf(config)
  const of = (genotype: TopformerGenotype) => workOf(topformerClassifier, genotype, [image, image])
  const validation = dataset.kind === 'shapes' ? dataset.validation : (dataset.limit?.validation ?? 0)
  return {
    step: timesWork(batch, together(timesWork(1 + sampled, of(largest(space))), of(smallest(space)))),
    score: timesWork(validation, of(largest(space))),
  }
}

const taskOf = ({ retrain, attentionScale }: TopformerConfig) => ({
  size: retrain.crop,
  classes: CLASSES,
  attentionScale,
})

/** Of one image. */
const workOf = (
  built: (network: TopformerNetwork, classes: number) => Network,
  genotype: TopformerGenotype,
  size: Size,
): Work => cost(graphOf(built(networkOf(genotype), CLASSES), [3, ...size]))

type Size = readonly [height: number, width: number]
