import { EXIT } from '../nas/runs/job.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { ledgerEntrySchema, putLedgerEntry, UNCOUNTED } from '../nas/runs/ledger.ts'
import { getJson } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { Attempt } from './batch/job.ts'

/**
 * Closes the ledger entry of an attempt that died without doing so, at the time of its death: by how long it ran, as the clock of
 * this computer may have been set between its start and that of the entry.
 */
export async function closeEntry(store: ObjectStore, run: string, attempt: Attempt): Promise<void> {
  const key = runKeys(run).ledgerEntry(attempt.jobId, attempt.attempt)
  const entry = await getJson(store, key, ledgerEntrySchema, UNCOUNTED)
  if (entry?.outcome !== 'running') return
  const stopped = attempt.exitCode === EXIT.retry || attempt.signal === 'SIGTERM'
  await putLedgerEntry(store, run, {
    ...entry,
    seenAt: Math.max(entry.seenAt, entry.startedAt + attempt.endedAt - attempt.startedAt),
    outcome: stopped ? 'interrupted' : 'failed',
    reason: attempt.reason,
  })
}
