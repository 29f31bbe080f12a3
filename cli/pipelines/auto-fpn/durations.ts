import { countDetector } from '../../../nas/nets/detection/count.ts'
import type { AutoFpnConfig } from '../../../nas/pipelines/auto-fpn/config.ts'
import type { AutoFpnDurations } from '../../../nas/pipelines/auto-fpn/estimate.ts'
import { networkOf } from '../../../nas/pipelines/auto-fpn/network.ts'
import {
  headCosts,
  neckCosts,
  type OperatorCost,
  type PerCandidate,
} from '../../../nas/spaces/auto-fpn/cost.ts'
import { levelShapes } from '../../../nas/training/detection/level-shapes.ts'
import { type Images, judged, type Throughput, TRAINING } from '../../throughput.ts'

/** By the multiply-adds of its networks; while a module is searched, all of its operators run. */
export function autoFpnDurations(
  config: AutoFpnConfig,
  images: Images,
  throughput: Throughput,
): AutoFpnDurations {
  const { backbone, image, detector, search, retrain, space } = config
  const { backbone: features, neck, proposals, head } = multiplyAddsOf(config)
  const pixels = levelShapes(backbone, image).map(([, height, width]) => height * width)
  const allNecks = allOperators(neckCosts(pixels, { layers: space.layers, channels: detector.channels }))
  const allHeads = allOperators(
    headCosts({ cells: space.cells, channels: detector.cell, regions: detector.regions }),
  )
  const step = (batch: number, multiplyAdds: number, speed: number) =>
    (TRAINING * batch * multiplyAdds) / speed
  const searching = (module: number) =>
    step(search.batch, (search.freezeBackbone ? 0 : features) + proposals + module, throughput.alone)
  // In evaluation, the head looks at more regions, or fewer.
  const perRegion = detector.proposals / detector.regions
  const [fixed, judgedHead] = [features + proposals, perRegion * head]
  const whole = features + neck + proposals + head
  return {
    secondsPerStep: {
      backbone: 'pretrain' in backbone ? step(backbone.pretrain.batch, whole, throughput.alone) : 0,
      neck: searching(allNecks + head),
      head: searching(neck + allHeads),
      detector: step(retrain.batch, whole, throughput.job),
    },
    evaluation: {
      neck: (images.validation * (fixed + allNecks + judgedHead)) / throughput.alone,
      head: (images.validation * (fixed + neck + perRegion * allHeads)) / throughput.alone,
      detector: (judged(images) * (fixed + neck + judgedHead)) / throughput.job,
    },
    features: (images.train * search.views * features) / throughput.alone,
  }
}

const allOperators = (costs: PerCandidate<OperatorCost>): number =>
  costs.flat(2).reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0)

/** Of one image, with FPN's neck and head; the head for the regions that it learns from. */
function multiplyAddsOf({ backbone, detector, image }: AutoFpnConfig) {
  const { network, width } = backbone
  const sizes = { backbone: { network, width, weights: '' }, classes: CLASSES, detector }
  const { scopes } = countDetector(networkOf(sizes, null, false), [3, ...image], detector.regions)
  const of = (scope: string) => scopes[scope]!.multiplyAdds
  return { backbone: of('backbone'), neck: of('neck'), proposals: of('rpn'), head: of('head') }
}

/** Those of PASCAL VOC: their number hardly matters. */
const CLASSES = 20
