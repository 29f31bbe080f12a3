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
    { ...entry, seenAt: 7100, outcome, reason: 'killed by SIGKILL' },
  ])
})

test.each([
  ['back', -3_600_000],
  ['forward', 3_600_000],
])(
  'a clock that was set %s between the start of an attempt and its entry changes no duration',
  async (_, step) => {
    const { startedAt, seenAt } = entry
    await putLedgerEntry(store, 'r', {
      ...entry,
      startedAt: startedAt + 5e6 + step,
      seenAt: seenAt + 5e6 + step,
    })
    await closeEntry(store, 'r', died({ signal: 'SIGKILL', startedAt: 900 + 5e6, endedAt: 7000 + 5e6 }))
    const [closed] = await readLedger(store, 'r')
    expect(closed!.seenAt - closed!.startedAt).toBe(6100)
  },
)

test('an attempt is never charged less than it has said itself', async () => {
  await putLedgerEntry(store, 'r', entry)
  await closeEntry(store, 'r', died({ signal: 'SIGKILL', startedAt: 900, endedAt: 1000 }))
  expect(await readLedger(store, 'r')).toMatchObject([{ seenAt: entry.seenAt, outcome: 'failed' }])
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
