import type { ObjectStore } from '../store/store.ts'
import type { Clock } from './clock.ts'
import type { Job } from './job.ts'
import { type LedgerEntry, putLedgerEntry } from './ledger.ts'
import type { Price } from './prices.ts'
import type { RunRecord } from './record.ts'

/** An attempt that is killed is charged up to its last sign of life. More of these would cost more than they tell. */
export const HEARTBEAT_MS = 30_000

/** What an attempt runs on. */
export interface Machine {
  readonly price: Price
  readonly clock: Clock
  /** Milliseconds since 1970: from then on it is paid for, by that clock. */
  readonly startedAt: number
}

/** Opens the ledger entry of an attempt and keeps it alive until it is closed. */
export async function openEntry(store: ObjectStore, job: Job, { config }: RunRecord, machine: Machine) {
  const { clock, price, startedAt } = machine
  const opened: Omit<LedgerEntry, 'seenAt'> = {
    job: job.job,
    jobId: job.jobId,
    attempt: job.attempt,
    trials: job.trials.length,
    card: config.compute.card,
    ...price,
    startedAt,
    outcome: 'running',
  }
  const put = (change: Partial<LedgerEntry>) =>
    putLedgerEntry(store, job.run, {
      ...opened,
      ...change,
      seenAt: startedAt + Math.round(clock.elapsed()),
    })
  await put({})
  let last: Promise<void> = Promise.resolve()
  const stop = clock.every(HEARTBEAT_MS, () => {
    // A heartbeat that cannot be written is followed by another; the close is what must not fail.
    last = last.then(() => put({})).catch(() => {})
  })
  return {
    async close(outcome: Exclude<LedgerEntry['outcome'], 'running'>, reason?: string): Promise<void> {
      stop()
      await last
      await put({ outcome, ...(reason === undefined ? {} : { reason }) })
    },
  }
}
