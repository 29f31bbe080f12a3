import { sizeThatHolds } from '../../../nas/data/evaluation-size.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { cost } from '../../../nas/graph/cost.ts'
import { backboneFeatures } from '../../../nas/nets/backbones/index.ts'
import type { DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import type { DpcDurations } from '../../../nas/pipelines/dpc/estimate.ts'
import { augmentationOf } from '../../../nas/pipelines/dpc/settings.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import { segmentationHead } from '../../../nas/spaces/dpc/network.ts'
import { type Images, judged, type Throughput, TRAINING } from '../../throughput.ts'

/** By the multiply-adds of its networks. */
export function dpcDurations(config: DpcConfig, images: Images, throughput: Throughput): DpcDurations {
  const { backbone, proxy, rerank } = config
  const cached = augmentationOf(proxy).crop
  const step = (batch: number, multiplyAdds: number) => (TRAINING * batch * multiplyAdds) / throughput.job
  const features = (crop: Size) => multiplyAddsOf(config, crop, 'features')
  const whole = (crop: Size) => features(crop) + multiplyAddsOf(config, crop, 'cell')
  // As large as a crop where that is not known.
  const judgedAt = images.extent ? sizeThatHolds(images.extent.height, images.extent.width) : cached
  const each = (images: number, multiplyAdds: number) => (images * multiplyAdds) / throughput.job
  return {
    evaluation: {
      'proxy-task': each(images.validation, multiplyAddsOf(config, judgedAt, 'cell')),
      train: each(judged(images), whole(judgedAt)),
    },
    secondsPerStep: {
      pretrain:
        'pretrain' in backbone
          ? (TRAINING * backbone.pretrain.batch * features(augmentationOf(backbone.pretrain).crop)) /
            throughput.alone
          : 0,
      'proxy-task': step(proxy.batch, multiplyAddsOf(config, cached, 'cell')),
      train: step(rerank.batch, whole(augmentationOf(rerank).crop)),
    },
    features:
      (images.train * proxy.views * features(cached) + images.validation * features(judgedAt)) /
      throughput.alone,
  }
}

type Size = readonly [height: number, width: number]

/** Of one crop: of the backbone, or of a typical cell (the best of the paper) and its classifier on the backbone's features. */
function multiplyAddsOf(
  { backbone, space }: DpcConfig,
  [height, width]: Size,
  part: 'features' | 'cell',
): number {
  const graph = new GraphBuilder()
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  const image = graph.input('image', { dtype: 'float32', shape: [1, 3, height, width] })
  const features = backboneFeatures(context, image, backbone)
  if (part === 'features') return cost(graph.build({ features })).multiplyAdds
  const cells = new GraphBuilder()
  const input = cells.input('features', features.type)
  const task = { backbone, cell: space, classes: 19 }
  const logits = segmentationHead({ ...context, graph: cells }, input, KNOWN_CELLS['dpc-top1'], task)
  return (
    (cost(cells.build({ logits })).multiplyAdds * space.branches) / KNOWN_CELLS['dpc-top1'].branches.length
  )
}
