import { TrellisError } from '../../../nas/errors.ts'
import type { AutoFpnConfig } from '../../../nas/pipelines/auto-fpn/config.ts'
import type { Cost } from '../../../nas/runs/estimate.ts'
import { counted } from '../../../report/format.ts'
import { exceeded } from '../../exceeded.ts'
import { mostThat } from '../most-that.ts'

/**
 * The schedule of a supernet is fixed when it starts: it cannot stop at its budget and have something to show.
 * @param estimateOf what a run of that configuration would take
 * @throws TrellisError `invalid-config` for a run that would take more than its budget; it says how many steps would not
 */
export function checkBudget(config: AutoFpnConfig, estimateOf: (config: AutoFpnConfig) => Cost): void {
  const { budget = {}, search } = config
  const tooMuch = (steps: number) => exceeded(budget, estimateOf({ ...config, search: { ...search, steps } }))
  const reason = tooMuch(search.steps)
  if (reason === undefined) return
  if (search.genotype !== undefined)
    throw new TrellisError('invalid-config', `the run would take ${reason}`, {
      fix: 'raise the budget, or lower retrain.steps, or the number of baselines',
    })
  const fitting = mostThat(search.steps, (steps) => tooMuch(steps) === undefined)
  throw new TrellisError('invalid-config', `the run would take ${reason}`, {
    fix:
      fitting === 0
        ? 'raise the budget, or lower search.steps, retrain.steps, or the number of baselines'
        : `raise the budget, or search for ${counted(fitting, 'step')}: --set search.steps=${fitting}`,
  })
}
