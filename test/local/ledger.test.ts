import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Attempt } from '../../local/batch/job.ts'
import { closeEntry } from '../../local/ledger.ts'
import { type LedgerEntry, putLedgerEntry, readLedger } from '../../nas/runs/ledger.ts'
import { folderStore } from '../../nas/store/folder.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

let folder: string
let store: ObjectStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-ledger-'))
  store = folderStore(folder)
})
afterEach(() => rmSync(folder, { recursive: true }))

const entry: LedgerEntry = {
  job: 'proxy-task',
  jobId: 'j',
  attempt: 1,
  trials: 1,
  card: 'cpu',
  usdPerHour: 0,
  basis: 'this computer',
  startedAt: 1000,
  seenAt: 5000,
  outcome: 'running',
}
const died = (end: Partial<Attempt>): Attempt => ({
  name: 'trellis-ProxyTask',
  jobId: 'j',
  attempt: 1,
  exitCode: null,
  signal: null,
  startedAt: 900,
  endedAt: 7000,
  reason: 'killed by SIGKILL',
  ...end,
})

test.each<[Partial<Attempt>, LedgerEntry['outcome']]>([
  [{ signal: 'SIGKILL' }, 'failed'],
  [{ exitCode: 1 }, 'failed'],
  [{ signal: 'SIGTERM' }, 'interrupted'],
  [{ exitCode: 75 }, 'interrupted'],
])('an attempt that died with %j is charged to its death and closed as %s', async (end, outcome) => {
  await putLedgerEntry(store, 'r', entry)
  await closeEntry(store, 'r', died(end))
  expect(await readLedger(store, 'r')).toEqual([
    { ...entry, seenAt: 7000, outcome, reason: 'killed by SIGKILL' },
  ])
})

test('an entry that its job has closed stays as it is', async () => {
  const closed: LedgerEntry = { ...entry, outcome: 'failed', reason: 'its own words' }
  await putLedgerEntry(store, 'r', closed)
  await closeEntry(store, 'r', died({ exitCode: 75 }))
  expect(await readLedger(store, 'r')).toEqual([closed])
})

test('an attempt that died before it opened an entry leaves none', async () => {
  await closeEntry(store, 'r', died({ signal: 'SIGKILL' }))
  expect(await readLedger(store, 'r')).toEqual([])
})
