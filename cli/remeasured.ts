import { TrellisError } from '../nas/errors.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { pipelineOf } from './pipelines/index.ts'

/** The configuration of a search that measures again what an earlier one has measured. @throws TrellisError `invalid-config` where it measures nothing */
export function remeasured(config: RunConfig): RunConfig {
  const now = Math.floor(Date.now() / 1000)
  const measured = pipelineOf(config).remeasure(config, now)
  if (measured !== undefined) return measured
  throw new TrellisError('invalid-config', '--remeasure: this search measures nothing', {
    fix: 'leave it out: it is for searches that weigh latency as it is on this machine',
  })
}
