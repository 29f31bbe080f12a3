import { cost } from '../../../nas/graph/cost.ts'
import { detectorGraph } from '../../../nas/nets/detection/count.ts'
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
import {
  type Images,
  judged,
  type Throughput,
  TRAINING,
  timesWork,
  together,
  type Work,
} from '../../throughput.ts'

/** By what its networks compute, read and write; while a module is searched, all of its operators run. */
export function autoFpnDurations(
  config: AutoFpnConfig,
  images: Images,
  throughput: Throughput,
): AutoFpnDurations {
  const { backbone, search, retrain } = config
  const { backbone: features, neck, others, head, perRegion, allNecks, allHeads } = worksOf(config)
  const { job, alone } = throughput
  const frozen = timesWork(search.freezeBackbone ? 0 : 1, features)
  const searching = (...module: readonly Work[]) =>
    TRAINING * search.batch * alone(together(frozen, others, ...module))
  const [fixed, judgedHead] = [together(features, others), timesWork(perRegion, head)]
  const whole = together(fixed, neck, head)
  return {
    secondsPerStep: {
      backbone: 'pretrain' in backbone ? TRAINING * backbone.pretrain.batch * alone(whole) : 0,
      neck: searching(allNecks, head),
      head: searching(neck, allHeads),
      detector: TRAINING * retrain.batch * job(whole),
    },
    evaluation: {
      neck: images.validation * alone(together(fixed, allNecks, judgedHead)),
      head: images.validation * alone(together(fixed, neck, timesWork(perRegion, allHeads))),
      evolution: images.validation * job(together(fixed, neck, judgedHead)),
      detector: judged(images) * job(together(fixed, neck, judgedHead)),
    },
    features: images.train * search.views * alone(features),
  }
}

/** Of one image, with FPN's neck, and the heads of FPN, for the regions that they learn from, or of SSD. */
function worksOf({ backbone, detector, image, space }: AutoFpnConfig) {
  const network = networkOf({ backbone, classes: CLASSES, detector }, null, false)
  const { channels } = detector
  const allNecks = allOperators(neckCosts(neckPixels(network, image), { layers: space.layers, channels }))
  const graph = detectorGraph(network, [3, ...image], isOneStage(detector) ? undefined : detector.regions)
  const of = (scope: string): Work => cost(graph, scope)
  if (isOneStage(detector)) {
    const parts = { backbone: of('backbone'), neck: of('neck'), others: of('extra'), head: of('head') }
    return { ...parts, perRegion: 1, allNecks, allHeads: NOTHING }
  }
  const { cell, regions, proposals } = detector
  const parts = { backbone: of('backbone'), neck: of('neck'), others: of('rpn'), head: of('head') }
  const allHeads = allOperators(headCosts({ cells: space.cells, channels: cell, regions }))
  // In evaluation, the head looks at more regions, or fewer.
  return { ...parts, perRegion: proposals / regions, allNecks, allHeads }
}

const allOperators = (costs: PerCandidate<OperatorCost>): Work =>
  together(
    ...costs
      .flat(2)
      .map(({ multiplyAdds, memoryAccess }) => ({ multiplyAdds, memoryTraffic: BYTES * memoryAccess })),
  )

const NOTHING: Work = { multiplyAdds: 0, memoryTraffic: 0 }

/** Of a number. */
const BYTES = 4

/** Those of PASCAL VOC: their number hardly matters. */
const CLASSES = 20
