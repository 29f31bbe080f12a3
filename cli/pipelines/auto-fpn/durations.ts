import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { cost } from '../../../nas/graph/cost.ts'
import { REGION_SIDE } from '../../../nas/nets/detection/head.ts'
import { backboneLevels } from '../../../nas/nets/detection/pyramid.ts'
import type { AutoFpnConfig } from '../../../nas/pipelines/auto-fpn/config.ts'
import type { AutoFpnDurations } from '../../../nas/pipelines/auto-fpn/estimate.ts'
import { networkOf } from '../../../nas/pipelines/auto-fpn/network.ts'
import {
  headCosts,
  neckCosts,
  type OperatorCost,
  type PerCandidate,
} from '../../../nas/spaces/auto-fpn/cost.ts'
import type { Images, Throughput } from '../../throughput.ts'
import { TRAINING } from '../../throughput.ts'

/** By the multiply-adds of its networks; while a module is searched, all of its operators run. */
export function autoFpnDurations(
  config: AutoFpnConfig,
  images: Images,
  throughput: Throughput,
): AutoFpnDurations {
  const { backbone, detector, search, retrain, space } = config
  const parts = multiplyAddsOf(config)
  const step = (batch: number, multiplyAdds: number, speed: number) =>
    (TRAINING * batch * multiplyAdds) / speed
  const neck = allOperators(neckCosts(parts.pixels, { layers: space.layers, channels: detector.channels }))
  const head = allOperators(
    headCosts({ cells: space.cells, channels: detector.cell, regions: detector.regions }),
  )
  const inSearch = search.freezeBackbone ? 0 : parts.backbone
  return {
    secondsPerStep: {
      backbone:
        'pretrain' in backbone
          ? step(backbone.pretrain.batch, parts.backbone + parts.neck + parts.head, throughput.alone)
          : 0,
      neck: step(search.batch, inSearch + neck + parts.head, throughput.alone),
      head: step(search.batch, inSearch + parts.neck + head, throughput.alone),
      detector: step(retrain.batch, parts.backbone + parts.neck + parts.head, throughput.job),
    },
    features: (images.train * search.views * parts.backbone) / throughput.alone,
  }
}

const allOperators = (costs: PerCandidate<OperatorCost>): number =>
  costs.flat(2).reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0)

/** Of one image, with FPN's neck and head; the head for the regions that it learns from. */
function multiplyAddsOf({ backbone, detector, image: size }: AutoFpnConfig) {
  const graph = new GraphBuilder()
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  const image = graph.input('image', { dtype: 'float32', shape: [1, 3, ...size] })
  const { network, width } = backbone
  const fpn = networkOf({ backbone: { network, width, weights: '' }, classes: 20, detector }, null, false)
  const levels = backboneLevels(context, image, backbone)
  const pyramid = fpn.neck(context, levels)
  const regions = graph.input('regions', {
    dtype: 'float32',
    shape: [detector.regions, detector.channels, REGION_SIDE, REGION_SIDE],
  })
  const { scores, deltas } = fpn.head(context, regions)
  const built = graph.build({
    scores,
    deltas,
    ...Object.fromEntries(pyramid.map((level, i) => [`level${i}`, level])),
  })
  const of = (scope: string) => cost(built, scope).multiplyAdds
  return {
    backbone: of('backbone'),
    neck: of('neck'),
    head: of('head'),
    pixels: levels.map(({ type }) => type.shape[2]! * type.shape[3]!),
  }
}
