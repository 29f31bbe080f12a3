import type { DenseNasConfig } from '../../../nas/pipelines/densenas/config.ts'
import type { Cost } from '../../../nas/runs/estimate.ts'
import { exceeded } from '../../exceeded.ts'
import { checkSchedule } from '../schedule-budget.ts'

/**
 * @param estimateOf what a run of that configuration would take
 * @throws TrellisError `invalid-config` for a run that would take more than its budget
 */
export function checkBudget(config: DenseNasConfig, estimateOf: (config: DenseNasConfig) => Cost): void {
  const { budget = {}, search } = config
  checkSchedule({
    length: search.epochs,
    unit: 'epoch',
    tooMuch: (epochs) => exceeded(budget, estimateOf({ ...config, search: shortened(search, epochs) })),
  })
}

/** The same search in fewer epochs, of which the same part is for the weights alone. */
function shortened(search: DenseNasConfig['search'], epochs: number): DenseNasConfig['search'] {
  const architectureFrom = Math.floor((search.architectureFrom / search.epochs) * epochs)
  return { ...search, epochs, architectureFrom }
}
