import type { RunConfig } from '../nas/runs/config.ts'
import type { Capacity, Estimate } from '../nas/runs/estimate.ts'
import type { CliPipeline } from './pipelines/pipeline.ts'
import { jobsAtOnce, type Place, placeOf } from './place.ts'
import { currentPrice } from './prices.ts'
import { type Images, throughputOf } from './throughput.ts'

/** Seconds until a job takes its first step: a process here; a machine, an image and a process on AWS. */
const START_UP: Readonly<Record<Place, number>> = { here: 2, aws: 180 }

/** What a run would take, by what its networks compute, read and write. @throws TrellisError `unsupported` for a card that cannot be had */
export function estimateOf<C extends RunConfig, E extends Estimate>(
  pipeline: CliPipeline<C, E>,
  config: C,
  images: Images,
  place: Place = placeOf(config.compute),
): E {
  const capacity: Capacity = {
    usdPerHour: currentPrice(config.compute, place).usdPerHour,
    concurrency: jobsAtOnce(config.compute, place),
    startUp: START_UP[place],
  }
  return pipeline.estimate(config, images, throughputOf(config.compute, place), capacity)
}
