import { TrellisError } from '../../../nas/errors.ts'
import type { AutoFpnConfig } from '../../../nas/pipelines/auto-fpn/config.ts'

/** @throws TrellisError `invalid-config` where evolution would end before any detector is a child of another */
export function checkEvolution({ baselines: { evolution } }: AutoFpnConfig): void {
  if (evolution === undefined || evolution.population < evolution.evaluations) return
  throw new TrellisError(
    'invalid-config',
    `baselines.evolution: a population of ${evolution.population} has no children within ${evolution.evaluations} evaluations`,
    { fix: 'lower baselines.evolution.population, or raise baselines.evolution.evaluations' },
  )
}
