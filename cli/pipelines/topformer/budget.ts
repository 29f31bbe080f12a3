import { TrellisError } from '../../../nas/errors.ts'
import type { TopformerConfig } from '../../../nas/pipelines/topformer/config.ts'
import type { Cost } from '../../../nas/runs/estimate.ts'
import { exceeded } from '../../exceeded.ts'

/**
 * A search stops after the half-step in which its budget is used up, but a supernet is trained to its end and needs one half-step
 * to have something to show.
 * @param estimateOf what a run of that configuration would take
 * @throws TrellisError `invalid-config` for a run that would take more than its budget with one iteration alone
 */
export function checkBudget(config: TopformerConfig, estimateOf: (config: TopformerConfig) => Cost): void {
  const { budget = {}, search } = config
  const reason = exceeded(budget, estimateOf({ ...config, search: { ...search, iterations: 1 } }))
  if (reason === undefined) return
  throw new TrellisError('invalid-config', `the run would take ${reason}, with one iteration alone`, {
    fix: 'raise the budget, or lower supernet.steps, search.samples, retrain.steps, or the number of baselines',
  })
}
