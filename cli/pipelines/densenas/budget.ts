import { TrellisError } from '../../../nas/errors.ts'
import type { DenseNasConfig } from '../../../nas/pipelines/densenas/config.ts'
import type { Cost } from '../../../nas/runs/estimate.ts'
import { counted } from '../../../report/format.ts'
import { exceeded } from '../../exceeded.ts'
import { mostThat } from '../most-that.ts'

/**
 * The schedule of a supernet is fixed when it starts: it cannot stop at its budget and have something to show.
 * @param estimateOf what a run of that configuration would take
 * @throws TrellisError `invalid-config` for a run that would take more than its budget; it says how many epochs would not
 */
export function checkBudget(config: DenseNasConfig, estimateOf: (config: DenseNasConfig) => Cost): void {
  const { budget = {}, search } = config
  const tooMuch = (epochs: number) =>
    exceeded(budget, estimateOf({ ...config, search: shortened(search, epochs) }))
  const reason = tooMuch(search.epochs)
  if (reason === undefined) return
  const fitting = mostThat(search.epochs, (epochs) => tooMuch(epochs) === undefined)
  throw new TrellisError('invalid-config', `the run would take ${reason}`, {
    fix:
      fitting === 0
        ? 'raise the budget, or lower search.epochs, retrain.epochs, or the number of baselines'
        : `raise the budget, or search for ${counted(fitting, 'epoch')}: --set search.epochs=${fitting}`,
  })
}

/** The same search in fewer epochs, of which the same part is for the weights alone. */
function shortened(search: DenseNasConfig['search'], epochs: number): DenseNasConfig['search'] {
  const architectureFrom = Math.floor((search.architectureFrom / search.epochs) * epochs)
  return { ...search, epochs, architectureFrom }
}
