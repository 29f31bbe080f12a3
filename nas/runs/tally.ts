import { z } from 'zod'
import type { ObjectStore } from '../store/store.ts'
import { runKeys } from './keys.ts'
import {
  addTotals,
  atWork,
  hoursAtWork,
  type LedgerEntry,
  readLedger,
  spanSchema,
  type Totals,
  totals,
  totalsSchema,
} from './ledger.ts'

/** The entries of a ledger that are closed for good, summed up: a search of thousands of jobs reads each of them once. */
export const tallySchema = z
  .strictObject({
    counted: z.array(z.string()).readonly().describe('job and attempt of each'),
    totals: totalsSchema,
    worked: z.array(spanSchema).readonly().describe('when at least one of them ran, in order'),
  })
  .readonly()
export type Tally = z.infer<typeof tallySchema>

export const NOTHING_COUNTED: Tally = { counted: [], totals: totals([]), worked: [] }

/** What a run has used so far, and the tally for the next who asks. @param counts which entries count */
export async function countLedger(
  store: ObjectStore,
  run: string,
  before: Tally,
  counts: (entry: LedgerEntry) => boolean,
): Promise<{ readonly tally: Tally; readonly spent: Totals & { readonly hours: number } }> {
  const { ledgerEntries } = runKeys(run)
  const known = new Set(before.counted.map((name) => `${ledgerEntries}${name}.json`))
  const entries = (await readLedger(store, run, known)).filter(counts)
  const closed = entries.filter(({ outcome }) => outcome !== 'running')
  const open = entries.filter(({ outcome }) => outcome === 'running')
  const tally: Tally = {
    counted: [...before.counted, ...closed.map(({ jobId, attempt }) => `${jobId}-${attempt}`)],
    totals: addTotals(before.totals, totals(closed)),
    worked: atWork([...before.worked, ...closed]),
  }
  const spent = addTotals(tally.totals, totals(open))
  return { tally, spent: { ...spent, hours: hoursAtWork([...tally.worked, ...open]) } }
}
