import type { Job } from '../nas/runs/job.ts'
import { type LedgerEntry, putLedgerEntry } from '../nas/runs/ledger.ts'
import { priceOf } from '../nas/runs/prices.ts'
import type { RunRecord } from '../nas/runs/run.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** An attempt that is killed is charged up to its last sign of life. */
const HEARTBEAT_MS = 5000

/** Opens the ledger entry of this attempt and keeps it alive. */
export async function openLedgerEntry(store: ObjectStore, job: Job, record: RunRecord) {
  const { card, spot } = record.config.compute
  const opened: LedgerEntry = {
    job: job.job,
    jobId: job.jobId,
    attempt: job.attempt,
    trials: job.trials.length,
    card,
    ...priceOf(card, spot),
    startedAt: Date.now(),
    seenAt: Date.now(),
    outcome: 'running',
  }
  const put = (change: Partial<LedgerEntry>) =>
    putLedgerEntry(store, job.run, { ...opened, ...change, seenAt: Date.now() })
  await put({})
  let last: Promise<void> = Promise.resolve()
  const heartbeat = setInterval(() => {
    // A heartbeat that cannot be written is followed by another; the close is what must not fail.
    last = last.then(() => put({})).catch(() => {})
  }, HEARTBEAT_MS)
  return {
    async close(outcome: Exclude<LedgerEntry['outcome'], 'running'>, reason?: string): Promise<void> {
      clearInterval(heartbeat)
      await last
      await put({ outcome, ...(reason === undefined ? {} : { reason }) })
    },
  }
}
