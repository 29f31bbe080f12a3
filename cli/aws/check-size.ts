import { tooLarge } from '../../infra/limits/size.ts'
import { TrellisError } from '../../nas/errors.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import type { RunConfig } from '../../nas/runs/config.ts'
import { estimateOf } from '../estimate-run.ts'
import { imagesOf, openIfHere } from '../open-if-here.ts'
import { pipelineOf } from '../pipelines/index.ts'
import type { Deployed } from './deployed.ts'

/**
 * Holds the size of a run against the one for which the limits of AWS were proven when it was deployed.
 * @throws TrellisError `invalid-config` for a run that is larger
 */
export async function checkSize(deployed: Deployed, config: RunConfig): Promise<void> {
  const pipeline = pipelineOf(config)
  // The check of the dataset, which comes later, says so where it is not there.
  const images = imagesOf(await openIfHere(config))
  const trials = pipeline.candidates(estimateOf(pipeline, config, images, 'aws'))
  const size = contracts.of(config.pipeline).size(config, trials)
  const over = tooLarge(size, deployed.SearchSize)
  if (over === undefined) return
  const keys = Object.entries(size).map(([key, value]) => `${key}: ${value}`)
  throw new TrellisError('invalid-config', over, {
    fix: `deploy ${deployed.name} with search: {${keys.join(', ')}}, which is the size of this run`,
  })
}
