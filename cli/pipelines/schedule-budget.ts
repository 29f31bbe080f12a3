import { TrellisError } from '../../nas/errors.ts'
import { counted } from '../../report/format.ts'
import { mostThat } from './most-that.ts'

/** The schedule of a supernet. */
interface Schedule {
  /** How many units it has. */
  readonly length: number
  readonly unit: 'step' | 'epoch'
  /** What is above the budget with another length; undefined where nothing is. */
  readonly tooMuch: (length: number) => string | undefined
}

/**
 * The schedule of a supernet is fixed when it starts: it cannot stop at its budget and have something to show.
 * @throws TrellisError `invalid-config` for a run that would take more than its budget; it says which length would not
 */
export function checkSchedule({ length, unit, tooMuch }: Schedule): void {
  const reason = tooMuch(length)
  if (reason === undefined) return
  const fitting = mostThat(length, (shorter) => tooMuch(shorter) === undefined)
  throw new TrellisError('invalid-config', `the run would take ${reason}`, {
    fix:
      fitting === 0
        ? `raise the budget, or lower search.${unit}s, retrain.${unit}s, or the number of baselines`
        : `raise the budget, or search for ${counted(fitting, unit)}: --set search.${unit}s=${fitting}`,
  })
}
