import { spaceOf, type TopformerConfig } from '../../../nas/pipelines/topformer/config.ts'
import { random } from '../../../nas/random.ts'
import { sampleWithin } from '../../../nas/spaces/topformer/limit.ts'

/**
 * What latencies are is not known before they are measured.
 * @throws TrellisError `invalid-config` for a limit that no network of the space is within, or next to none
 */
export function checkLimits(config: TopformerConfig, classes: number): void {
  const { limit } = config.search
  if (limit.of === 'latency') return
  const task = { size: config.retrain.crop, classes }
  for (const most of limit.most)
    sampleWithin(spaceOf(config), { of: limit.of, most }, task, random(0, 'limits'))
}
