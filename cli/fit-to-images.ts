import type { Extent } from '../nas/data/dataset.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { type Fitting, fitMemory } from './memory.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { Place } from './place.ts'

/**
 * Settles what a configuration leaves to its images: sizes, and how many jobs run at once where memory is scarce.
 * @param classes 0 where the images are not known @param extent undefined where the images are not known, or not used whole
 * @throws TrellisError `invalid-config` for what cannot be searched, or where there is certainly not enough memory
 */
export function fitToImages(
  config: RunConfig,
  classes: number,
  extent: Extent | undefined,
  place: Place,
): Fitting<RunConfig> {
  const pipeline = pipelineOf(config)
  const sized = pipeline.withSizes(config, extent)
  if (classes > 0) pipeline.check(sized, classes)
  const memory = extent && place === 'here' ? pipeline.memory(sized, classes, extent) : null
  return extent && memory ? fitMemory(sized, memory, extent) : { config: sized, warnings: [] }
}
