import { TrellisError } from '../../../nas/errors.ts'
import type { DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import type { Cost } from '../../../nas/runs/estimate.ts'
import { counted } from '../../../report/format.ts'
import { exceeded } from '../../exceeded.ts'

/**
 * A search stops when full training needs all that is left of the budget, but not before its first round has ended.
 * @param estimateOf what a run of that configuration would take
 * @throws TrellisError `invalid-config` for a run that would take more than its budget with one round alone
 */
export function checkBudget(config: DpcConfig, estimateOf: (config: DpcConfig) => Cost): void {
  const { budget, search } = config
  const trials = Math.min(search.perRound, budget.trials ?? Number.POSITIVE_INFINITY)
  const reason = exceeded(budget, estimateOf({ ...config, budget: { trials } }))
  if (reason === undefined) return
  throw new TrellisError(
    'invalid-config',
    `the run would take ${reason}, with ${counted(trials, 'trial')} and full training alone`,
    {
      fix: 'raise the budget, or lower search.perRound, rerank.top, rerank.baselines.random, or the steps of backbone.pretrain, proxy and rerank',
    },
  )
}
