import { mean } from 'simple-statistics'
import { cost } from '../../../nas/graph/cost.ts'
import { detectorGraph } from '../../../nas/nets/detection/count.ts'
import type { Detector } from '../../../nas/nets/detection/detector.ts'
import {
  type AutoFpnConfig,
  dimensionsOf,
  type Module,
  modulesOf,
  searchableOf,
} from '../../../nas/pipelines/auto-fpn/config.ts'
import type { AutoFpnDurations } from '../../../nas/pipelines/auto-fpn/estimate.ts'
import { networkOf } from '../../../nas/pipelines/auto-fpn/network.ts'
import { isOneStage } from '../../../nas/pipelines/auto-fpn/settings.ts'
import { detectorsCompared } from '../../../nas/pipelines/auto-fpn/size.ts'
import { random } from '../../../nas/random.ts'
import { relaxedDetector } from '../../../nas/spaces/auto-fpn/search/graphs.ts'
import { relaxedWeights } from '../../../nas/spaces/auto-fpn/search/relaxation.ts'
import { autoFpnSpace } from '../../../nas/spaces/auto-fpn/space.ts'
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
export function autoFpnDurations(
  config: AutoFpnConfig,
  images: Images,
  throughput: Throughput,
): AutoFpnDurations {
  const { backbone, search, retrain, baselines } = config
  const { job, alone } = throughput
  const { fpn, candidates, relaxed } = detectorsOf(config)
  const supernets = modulesOf(config).map((module) => [module, relaxed(module)] as const)
  const ofSupernets = (secondsOf: (parts: Parts) => number) => ({
    ...{ neck: 0, head: 0 },
    ...Object.fromEntries(supernets.map(([module, parts]) => [module, secondsOf(parts)])),
  })
  const frozen = timesWork(search.freezeBackbone ? 0 : 1, fpn.backbone)
  const searchingOf = ({ neck, others, head }: Parts) =>
    TRAINING * search.batch * job(together(frozen, neck, others, head))
  const validationOf = (parts: Parts) => images.validation * job(whole(parts))
  // Whatever is found costs what candidates cost.
  const [ofFpn, compared] = [Number(baselines.fpn), detectorsCompared(config)]
  const ofCandidates = (secondsOf: (parts: Parts) => number) => mean(candidates.map(secondsOf))
  const meanOf = (secondsOf: (parts: Parts) => number) =>
    (ofFpn * secondsOf(fpn) + (compared - ofFpn) * ofCandidates(secondsOf)) / compared
  const trainingOf = (parts: Parts) => TRAINING * retrain.batch * job(whole(trainedOn(parts)))
  return {
    secondsPerStep: {
      backbone: 'pretrain' in backbone ? TRAINING * backbone.pretrain.batch * job(whole(trainedOn(fpn))) : 0,
      ...ofSupernets((parts) => searchingOf(trainedOn(parts))),
      evolution: ofCandidates(trainingOf),
      detector: meanOf(trainingOf),
    },
    evaluation: {
      ...ofSupernets(validationOf),
      evolution: ofCandidates(validationOf),
      detector: judged(images) * meanOf((parts) => job(whole(parts))),
    },
    features: images.train * search.views * alone(fpn.backbone),
  }
  /** With as many regions as a detector learns from; parts have those of evaluation. */
  function trainedOn(parts: Parts): Parts {
    const { detector } = config
    const share = isOneStage(detector) ? 1 : detector.regions / detector.proposals
    return { ...parts, head: timesWork(share, parts.head) }
  }
}

/** Of one image. */
interface Parts {
  readonly backbone: Work
  readonly neck: Work
  /** What proposes regions, or the stages that one-stage detectors add. */
  readonly others: Work
  readonly head: Work
}

const whole = ({ backbone, neck, others, head }: Parts): Work => together(backbone, neck, others, head)

/** How many architectures stand for those that will be trained. */
const SAMPLES = 2

/** FPN, or SSD; architectures of the space; and the supernet of a module beside FPN's other. */
function detectorsOf(config: AutoFpnConfig) {
  const { backbone, detector, image, search, retrain } = config
  const sizes = { backbone, classes: CLASSES, detector }
  const fpn = networkOf(sizes, null, false)
  const partsOf = (network: Detector): Parts => {
    const graph = detectorGraph(network, [3, ...image], isOneStage(detector) ? undefined : detector.proposals)
    const of = (scope: string): Work => cost(graph, scope)
    const others = of(isOneStage(detector) ? 'extra' : 'rpn')
    return { backbone: of('backbone'), neck: of('neck'), others, head: of('head') }
  }
  const relaxed = (module: Module): Parts => {
    const dimensions = dimensionsOf(config, [module])
    const cellChannels = isOneStage(detector) ? 0 : detector.cell
    return partsOf(
      relaxedDetector({ dimensions, detector: fpn, cellChannels, batchNorm: search.batchNorm }, (graph) =>
        relaxedWeights(graph, dimensions, 'softmax'),
      ),
    )
  }
  const space = autoFpnSpace(dimensionsOf(config, searchableOf(config)))
  const candidates = Array.from({ length: SAMPLES }, (_, i) =>
    partsOf(networkOf(sizes, space.sample(random(i, 'estimate')), retrain.batchNorm)),
  )
  return { fpn: partsOf(fpn), candidates, relaxed }
}

/** Those of PASCAL VOC: their number hardly matters. */
const CLASSES = 20
