import { runKeys } from '../../nas/runs/keys.ts'
import { type LedgerEntry, ledgerEntrySchema } from '../../nas/runs/ledger.ts'
import { parseJson } from '../../nas/store/json.ts'
import type { TrueAttempt } from './batch/true-attempt.ts'
import { isCutShort, leastCharge, STORE_MS } from './charge.ts'
import type { FinishedRun, RunArtifacts } from './run-artifacts.ts'

const HOUR_MS = 3_600_000

/**
 * Every attempt is in the ledger, once and with what it took: to the cent in all, and each one that was killed up to its
 * last sign of life.
 */
export function ledgerViolations(artifacts: RunArtifacts): readonly string[] {
  const { attempts, record } = artifacts
  const entries = entriesOf(artifacts)
  const broken: string[] = []
  let difference = 0
  for (const one of attempts) {
    const key = runKeys(record.run).ledgerEntry(one.jobId, one.attempt)
    const entry = entries.get(key)
    entries.delete(key)
    broken.push(...entryViolations(one, entry))
    if (entry !== undefined && !isCutShort(one))
      difference += ((tookOf(one) - chargedOf(entry)) / HOUR_MS) * one.host.price.usdPerHour
  }
  if (Math.abs(difference) >= 0.01) broken.push(`the ledger is ${difference} dollars off`)
  return [...broken, ...[...entries.keys()].map((key) => `${key} is of no attempt`)]
}

const tookOf = ({ startedAt, endedAt }: TrueAttempt) => endedAt! - startedAt
const chargedOf = ({ startedAt, seenAt }: LedgerEntry) => seenAt - startedAt

function entriesOf({ objects, record }: FinishedRun): Map<string, LedgerEntry> {
  const { ledgerEntries } = runKeys(record.run)
  return new Map(
    [...objects]
      .filter(([key]) => key.startsWith(ledgerEntries))
      .map(([key, bytes]) => [key, ledgerEntrySchema.parse(parseJson(bytes))]),
  )
}

function entryViolations(one: TrueAttempt, entry: LedgerEntry | undefined): readonly string[] {
  const name = `attempt ${one.jobId}-${one.attempt}`
  const took = tookOf(one)
  // Before its first entry is written, an attempt leaves nothing.
  if (entry === undefined)
    return took - one.unheard > 3 * STORE_MS ? [`${name} of ${took} ms is not in the ledger`] : []
  const charged = chargedOf(entry)
  const broken: string[] = []
  if (charged > took + 1 || charged < leastCharge(one))
    broken.push(`${name} took ${took} ms, and ${charged} ms are charged`)
  if (entry.usdPerHour !== one.host.price.usdPerHour)
    broken.push(`${name} is charged at ${entry.usdPerHour} dollars an hour`)
  return broken
}
