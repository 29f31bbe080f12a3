import { countDetector } from '../../../nas/nets/detection/count.ts'
import type { AutoFpnConfig } from '../../../nas/pipelines/auto-fpn/config.ts'
import type { AutoFpnDurations } from '../../../nas/pipelines/auto-fpn/estimate.ts'
import { networkOf } from '../../../nas/pipelines/auto-fpn/network.ts'
import { isOneStage } from '../../../nas/pipelines/auto-fpn/settings.ts'
import {
  headCosts,
  neckCosts,
  type OperatorCost,
  type PerCandidate,
} from '../../../nas/spaces/auto-fpn/cost.ts'
import { neckPixels } from '../../../nas/training/detection/level-shapes.ts'
import { type Images, judged, type Throughput, TRAINING } from '../../throughput.ts'

/** By the multiply-adds of its networks; while a module is searched, all of its operators run. */
export function autoFpnDurations(
  config: AutoFpnConfig,
  images: Images,
  throughput: Throughput,
): AutoFpnDurations {
  const { backbone, search, retrain } = config
  const { backbone: features, neck, others, head, perRegion, allNecks, allHeads } = multiplyAddsOf(config)
  const step = (batch: number, multiplyAdds: number, speed: number) =>
    (TRAINING * batch * multiplyAdds) / speed
  const searching = (module: number) =>
    step(search.batch, (search.freezeBackbone ? 0 : features) + others + module, throughput.alone)
  const [fixed, judgedHead] = [features + others, perRegion * head]
  const whole = features + neck + others + head
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

/** Of one image, with FPN's neck, and the heads of FPN, for the regions that they learn from, or of SSD. */
function multiplyAddsOf({ backbone, detector, image, space }: AutoFpnConfig) {
  const network = networkOf({ backbone, classes: CLASSES, detector }, null, false)
  const { channels } = detector
  const allNecks = allOperators(neckCosts(neckPixels(network, image), { layers: space.layers, channels }))
  const counted = (regions?: number) => {
    const { scopes } = countDetector(network, [3, ...image], regions)
    return (scope: string) => scopes[scope]!.multiplyAdds
  }
  if (isOneStage(detector)) {
    const of = counted()
    const parts = { backbone: of('backbone'), neck: of('neck'), others: of('extra'), head: of('head') }
    return { ...parts, perRegion: 1, allNecks, allHeads: 0 }
  }
  const { cell, regions, proposals } = detector
  const of = counted(regions)
  const parts = { backbone: of('backbone'), neck: of('neck'), others: of('rpn'), head: of('head') }
  const allHeads = allOperators(headCosts({ cells: space.cells, channels: cell, regions }))
  // In evaluation, the head looks at more regions, or fewer.
  return { ...parts, perRegion: proposals / regions, allNecks, allHeads }
}

const allOperators = (costs: PerCandidate<OperatorCost>): number =>
  costs.flat(2).reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0)

/** Those of PASCAL VOC: their number hardly matters. */
const CLASSES = 20
