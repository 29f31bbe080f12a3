import { exhausted } from '../nas/runs/budget.ts'
import { hoursAtWork, type LedgerEntry, totals } from '../nas/runs/ledger.ts'
import type { RunRecord } from '../nas/runs/record.ts'

/**
 * Why the budget of a run allows no more before its comparison, for which a part of it is kept; undefined while it does.
 * @param ledger without what comes after the decision that rests on this: taken again, it is the same
 */
export function usedUp(
  { config: { budget }, reserved }: RunRecord,
  ledger: readonly LedgerEntry[],
): string | undefined {
  const spent = { trials: 0, ...totals(ledger), hours: hoursAtWork(ledger) }
  return budget && exhausted(budget, spent, reserved)
}
