import { runKeys } from '../../nas/runs/keys.ts'
import { type LedgerEntry, ledgerEntrySchema } from '../../nas/runs/ledger.ts'
import { summarySchema } from '../../nas/runs/summary.ts'
import type { TrueAttempt } from './batch/true-attempt.ts'
import { STORE_MS } from './charge.ts'
import { readObject } from './pipelines/pipeline.ts'
import type { RunArtifacts } from './run-artifacts.ts'

const HOUR_MS = 3_600_000

/** The reads of the step that writes a summary begin so long before. */
const READING_MS = 6 * STORE_MS

/** A summary tells what the run has cost until then: each attempt once, and the hours in which any of them ran. */
export function summaryViolations({ objects, record, attempts, seen }: RunArtifacts): readonly string[] {
  const keys = runKeys(record.run)
  const summary = readObject(objects, keys.summary, summarySchema)
  if (summary === undefined) return []
  const writtenAt = seen.latest.get(keys.summary)!
  const over = attempts.filter(({ endedAt, unheard }) => endedAt! < writtenAt - READING_MS && unheard === 0)
  const begun = attempts.filter(({ startedAt }) => startedAt < writtenAt)
  const entryOf = ({ jobId, attempt }: TrueAttempt) =>
    readObject(objects, keys.ledgerEntry(jobId, attempt), ledgerEntrySchema)
  const least = sum(over.map(entryOf).map((entry) => (entry ? entry.seenAt - entry.startedAt : 0))) / HOUR_MS
  const most = sum(begun.map(({ startedAt, endedAt }) => endedAt! - startedAt + 1)) / HOUR_MS
  const entries = begun.map(entryOf).filter((entry) => entry !== undefined)
  const { spent, hours } = summary
  return [
    ...(spent.gpuHours < least - 1e-9 || spent.gpuHours > most
      ? [`the summary tells of ${spent.gpuHours} GPU hours, which were ${least} to ${most}`]
      : []),
    ...(hours > hoursOf(entries) + 1e-6
      ? [`the summary tells of ${hours} hours at work, which were ${hoursOf(entries)} at most`]
      : []),
  ]
}

/** Hours in which at least one of the entries ran, by the times at which their number changes. */
function hoursOf(entries: readonly LedgerEntry[]): number {
  const changes = entries
    .flatMap(({ startedAt, seenAt }) => [
      { at: startedAt, by: 1 },
      { at: seenAt, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || b.by - a.by)
  let [running, since, worked] = [0, 0, 0]
  for (const { at, by } of changes) {
    if (running > 0) worked += at - since
    running += by
    since = at
  }
  return worked / HOUR_MS
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
