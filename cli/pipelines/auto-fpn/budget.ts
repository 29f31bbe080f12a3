import { TrellisError } from '../../../nas/errors.ts'
import type { AutoFpnConfig } from '../../../nas/pipelines/auto-fpn/config.ts'
import type { Cost } from '../../../nas/runs/estimate.ts'
import { exceeded } from '../../exceeded.ts'
import { checkSchedule } from '../schedule-budget.ts'

/**
 * @param estimateOf what a run of that configuration would take
 * @throws TrellisError `invalid-config` for a run that would take more than its budget
 */
export function checkBudget(config: AutoFpnConfig, estimateOf: (config: AutoFpnConfig) => Cost): void {
  const { budget = {}, search } = config
  const tooMuch = (steps: number) => exceeded(budget, estimateOf({ ...config, search: { ...search, steps } }))
  if (search.genotype === undefined) checkSchedule({ length: search.steps, unit: 'step', tooMuch })
  const reason = tooMuch(search.steps)
  if (reason === undefined) return
  throw new TrellisError('invalid-config', `the run would take ${reason}`, {
    fix: `raise the budget, or lower retrain.steps, ${config.baselines.evolution ? 'baselines.evolution.evaluations, ' : ''}or the number of baselines`,
  })
}
