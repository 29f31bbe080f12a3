import { availableParallelism } from 'node:os'
import type { Config, ConfigOf, PipelineName } from '../nas/pipelines/config.ts'
import type { Capacity } from '../nas/runs/estimate.ts'
import { type Card, offerOf } from '../nas/runs/prices.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { EstimateOf } from './pipelines/pipeline.ts'
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
export const TRAINING = 3

/** Images of a dataset, as far as they are known. */
export interface Images {
  readonly train: number
  readonly validation: number
}

/** Multiply-adds a second in training: of one of many jobs, and of one that runs alone and has all cores. */
export interface Speed {
  readonly job: number
  readonly alone: number
}

/** What a run would take, by the multiply-adds of its networks. @throws TrellisError `unsupported` for a card that cannot be had */
export function estimateOf<P extends PipelineName>(
  config: ConfigOf<P>,
  images: Images,
  place: Place = placeOf(config.compute),
): EstimateOf<P> {
  const capacity: Capacity = {
    usdPerHour: currentPrice(config.compute, place).usdPerHour,
    concurrency: jobsAtOnce(config.compute, place),
    startUp: START_UP[place],
  }
  return pipelineOf(config).estimate(config, images, speedOf(config.compute, place), capacity)
}

function speedOf({ card }: Config['compute'], place: Place): Speed {
  const job = SPEED[card]
  const cores = place === 'here' ? availableParallelism() : offerOf('cpu').vcpus
  return { job, alone: card === 'cpu' ? job * cores : job }
}
