import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runKeys } from '../../../nas/runs/keys.ts'
import {
  hoursAtWork,
  keepClosed,
  type LedgerEntry,
  putLedgerEntry,
  readLedger,
  totals,
  totalsByJob,
  totalsSchema,
} from '../../../nas/runs/ledger.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { jsonBytes } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { memoryStore } from '../../functions/memory-store.ts'

const HOUR = 3_600_000
const entry = (over: Partial<LedgerEntry>): LedgerEntry => ({
  job: 'proxy-task',
  jobId: 'job',
  attempt: 1,
  trials: 4,
  card: 't4',
  usdPerHour: 0.22,
  basis: 'g4dn.xlarge spot',
  startedAt: 5 * HOUR,
  seenAt: 7 * HOUR,
  outcome: 'succeeded',
  ...over,
})

describe('the ledger', () => {
  const entries = [
    entry({}),
    entry({ attempt: 2, seenAt: 6 * HOUR, outcome: 'interrupted' }),
    entry({ job: 'train', jobId: 'other', usdPerHour: 1, seenAt: 5.5 * HOUR, outcome: 'running' }),
  ]

  it('counts hours at work once, however many jobs run, and no pause between them', () => {
    expect(hoursAtWork(entries)).toBe(2)
    expect(hoursAtWork([...entries, entry({ startedAt: 6.5 * HOUR, seenAt: 7.5 * HOUR })])).toBe(2.5)
    expect(hoursAtWork([...entries, entry({ startedAt: 100 * HOUR, seenAt: 101 * HOUR })])).toBe(3)
  })

  it('charges every attempt up to when it was last seen, however it ended', () => {
    expect(totals(entries)).toEqual({
      attempts: 3,
      failed: 0,
      interrupted: 1,
      gpuHours: 3.5,
      usd: 3 * 0.22 + 0.5,
    })
    expect(totalsByJob(entries, ['pretrain', 'proxy-task', 'train'])).toMatchObject([
      ['proxy-task', { attempts: 2, gpuHours: 3 }],
      ['train', { attempts: 1, usd: 0.5 }],
    ])
  })

  it('reads entries of earlier versions that ended before they began: they have taken no time', async () => {
    const store = memoryStore()
    await putLedgerEntry(store, 'r', entry({ seenAt: 4 * HOUR }))
    await putLedgerEntry(store, 'r', entry({ jobId: 'other' }))
    for (let closed = 0; closed < 2; closed++) {
      const read = await readLedger(store, 'r')
      expect(totals(read)).toMatchObject({ attempts: 2, gpuHours: 2, usd: 0.44 })
      expect(hoursAtWork(read)).toBe(2)
      const keep = { [runKeys('r').ledgerEntry('job', 1)]: entry({ seenAt: 4 * HOUR }) }
      await store.put(runKeys('r').closedLedger, jsonBytes(keep))
    }
  })

  it('reads sums of earlier versions that are less than none', () => {
    const sums = { attempts: 1, failed: 0, interrupted: 0, gpuHours: -1, usd: -0.22 }
    expect(totalsSchema.parse(sums)).toEqual({ ...sums, gpuHours: 0, usd: 0 })
  })

  it('reads closed entries together and open ones anew', async () => {
    const folder = folderStore(await mkdtemp(join(tmpdir(), 'trellis-ledger-')))
    const asked: string[] = []
    const store: ObjectStore = {
      ...folder,
      get: (key) => {
        asked.push(key)
        return folder.get(key)
      },
    }
    for (const each of entries) await putLedgerEntry(store, 'r', each)
    await keepClosed(store, 'r', await readLedger(store, 'r'))
    await putLedgerEntry(store, 'r', entry({ ...entries[2], seenAt: 8 * HOUR, outcome: 'failed' }))
    asked.length = 0
    const read = await readLedger(store, 'r')
    expect(asked).toEqual(['runs/r/ledger.json', 'runs/r/ledger/other-1.json'])
    expect(totals(read)).toMatchObject({ attempts: 3, failed: 1, gpuHours: 6 })
    await rm(folder.location, { recursive: true })
  })
})

describe('what a ledger is read for', () => {
  it('comes to the same in whatever order its entries are', () => {
    const spans = [
      { startedAt: 6 * HOUR, seenAt: 7 * HOUR },
      { startedAt: 0, seenAt: 2 * HOUR },
      { startedAt: 1 * HOUR, seenAt: 3 * HOUR },
    ]
    expect(hoursAtWork(spans)).toBe(4)
    expect(hoursAtWork(spans.toReversed())).toBe(4)
  })

  it('is told by kind in the order of the pipeline, what that does not know last', () => {
    const entries = ['other', 'train', 'proxy-task'].map((job) => entry({ job, jobId: job }))
    const kinds = totalsByJob(entries, ['proxy-task', 'features', 'train']).map(([kind]) => kind)
    expect(kinds).toEqual(['proxy-task', 'train', 'other'])
  })

  it('is there although an entry goes while it is read', async () => {
    const store = memoryStore()
    await putLedgerEntry(store, 'r', entry({ jobId: 'a' }))
    await putLedgerEntry(store, 'r', entry({ jobId: 'b' }))
    const gone = runKeys('r').ledgerEntry('b', 1)
    const losing: ObjectStore = { ...store, get: async (key) => (key === gone ? undefined : store.get(key)) }
    expect((await readLedger(losing, 'r')).map(({ jobId }) => jobId)).toEqual(['a'])
  })
})
