import { sizeThatHolds } from '../../../nas/data/evaluation-size.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { cost } from '../../../nas/graph/cost.ts'
import { backboneFeatures } from '../../../nas/nets/backbones/index.ts'
import type { DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import type { DpcDurations } from '../../../nas/pipelines/dpc/estimate.ts'
import { augmentationOf } from '../../../nas/pipelines/dpc/settings.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import { segmentationHead } from '../../../nas/spaces/dpc/network.ts'
import {
  type Images,
  judged,
  type Throughput,
  TRAINING,
  timesWork,
  together,
  type Work,
} from '../../throughput.ts'

/** By what its networks compute, read and write. */
export function dpcDurations(config: DpcConfig, images: Images, throughput: Throughput): DpcDurations {
  const { backbone, proxy, rerank } = config
  const cached = augmentationOf(proxy).crop
  const step = (batch: number, work: Work) => TRAINING * batch * throughput.job(work)
  const features = (crop: Size) => workOf(config, crop, 'features')
  const whole = (crop: Size) => together(features(crop), workOf(config, crop, 'cell'))
  // As large as a crop where that is not known.
  const judgedAt = images.extent ? sizeThatHolds(images.extent.height, images.extent.width) : cached
  const each = (images: number, work: Work) => images * throughput.job(work)
  return {
    evaluation: {
      'proxy-task': each(images.validation, workOf(config, judgedAt, 'cell')),
      train: each(judged(images), whole(judgedAt)),
    },
    secondsPerStep: {
      pretrain:
        'pretrain' in backbone
          ? TRAINING *
            backbone.pretrain.batch *
            throughput.alone(features(augmentationOf(backbone.pretrain).crop))
          : 0,
      'proxy-task': step(proxy.batch, workOf(config, cached, 'cell')),
      train: step(rerank.batch, whole(augmentationOf(rerank).crop)),
    },
    features:
      images.train * proxy.views * throughput.alone(features(cached)) +
      images.validation * throughput.alone(features(judgedAt)),
  }
}

type Size = readonly [height: number, width: number]

/** Of one crop: of the backbone, or of a typical cell (the best of the paper) and its classifier on the backbone's features. */
function workOf({ backbone, space }: DpcConfig, [height, width]: Size, part: 'features' | 'cell'): Work {
  const graph = new GraphBuilder()
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  const image = graph.input('image', { dtype: 'float32', shape: [1, 3, height, width] })
  const features = backboneFeatures(context, image, backbone)
  if (part === 'features') return cost(graph.build({ features }))
  const cells = new GraphBuilder()
  const input = cells.input('features', features.type)
  const task = { backbone, cell: space, classes: 19 }
  const logits = segmentationHead({ ...context, graph: cells }, input, KNOWN_CELLS['dpc-top1'], task)
  return timesWork(space.branches / KNOWN_CELLS['dpc-top1'].branches.length, cost(cells.build({ logits })))
}
