import { availableParallelism } from 'node:os'
import { GraphBuilder } from '../nas/graph/builder.ts'
import { cost } from '../nas/graph/cost.ts'
import { mobileNetV2Features } from '../nas/nets/mobilenet-v2.ts'
import type { Config } from '../nas/runs/config.ts'
import { type Estimate, estimate, type Pace } from '../nas/runs/estimate.ts'
import { type Card, offerOf } from '../nas/runs/prices.ts'
import { KNOWN_CELLS } from '../nas/spaces/dpc/known.ts'
import { segmentationHead } from '../nas/spaces/dpc/network.ts'
import { jobsAtOnce, type Place, placeOf } from './place.ts'
import { currentPrice } from './prices.ts'

/**
 * Multiply-adds a second in training, of a card or of one core. The paper's proxy task (section 3.3: 30K steps in 90 minutes
 * on a P100, crops of 769x769) comes to 220e9; separable convolutions wait for memory, so the other cards go by their
 * memory bandwidth. The core was measured on a 3 GHz server.
 */
const SPEED: Readonly<Record<Card, number>> = {
  cpu: 6e9,
  t4: 96e9,
  l4: 90e9,
  a10g: 180e9,
  p100: 220e9,
  v100: 270e9,
  a100: 467e9,
  h100: 1007e9,
}

/** Seconds until a job takes its first step: a process here; a machine, an image and a process on AWS. */
const START_UP: Readonly<Record<Place, number>> = { here: 2, aws: 180 }

/** A backward pass is twice a forward one. */
const TRAINING = 3

/** Images of a dataset, as far as they are known. */
export interface Images {
  readonly train: number
  readonly validation: number
}

/** What a run would take, by the multiply-adds of its networks. @throws TrellisError `unsupported` for a card that cannot be had */
export function estimateOf(config: Config, images: Images, place: Place = placeOf(config.compute)): Estimate {
  return estimate(config, paceOf(config, images, place), {
    usdPerHour: currentPrice(config.compute, place).usdPerHour,
    concurrency: jobsAtOnce(config.compute, place),
  })
}

function paceOf(config: Config, images: Images, place: Place): Pace {
  const { backbone, proxy, rerank, compute } = config
  const speed = SPEED[compute.card]
  // Jobs that run alone use all cores.
  const cores = place === 'here' ? availableParallelism() : offerOf('cpu').vcpus
  const alone = compute.card === 'cpu' ? speed * cores : speed
  const step = (batch: number, multiplyAdds: number) => (TRAINING * batch * multiplyAdds) / speed
  const features = (crop: Size) => multiplyAddsOf(config, crop, 'features')
  const whole = (crop: Size) => features(crop) + multiplyAddsOf(config, crop, 'cell')
  return {
    secondsPerStep: {
      pretrain:
        'pretrain' in backbone
          ? (TRAINING * backbone.pretrain.batch * features(backbone.pretrain.crop)) / alone
          : 0,
      'proxy-task': step(proxy.batch, multiplyAddsOf(config, proxy.crop, 'cell')),
      train: step(rerank.batch, whole(rerank.crop)),
    },
    features: ((images.train * proxy.views + images.validation) * features(proxy.crop)) / alone,
    startUp: START_UP[place],
  }
}

type Size = readonly [height: number, width: number]

/** Of one crop: of the backbone, or of a typical cell (the best of the paper) and its classifier on the backbone's features. */
function multiplyAddsOf(
  { backbone, space }: Config,
  [height, width]: Size,
  part: 'features' | 'cell',
): number {
  const graph = new GraphBuilder()
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  const image = graph.input('image', { dtype: 'float32', shape: [1, 3, height, width] })
  const features = mobileNetV2Features(context, image, backbone)
  if (part === 'features') return cost(graph.build({ features })).multiplyAdds
  const cells = new GraphBuilder()
  const input = cells.input('features', features.type)
  const task = { backbone, cell: space, classes: 19 }
  const logits = segmentationHead({ ...context, graph: cells }, input, KNOWN_CELLS['dpc-top1'], task)
  return (
    (cost(cells.build({ logits })).multiplyAdds * space.branches) / KNOWN_CELLS['dpc-top1'].branches.length
  )
}
