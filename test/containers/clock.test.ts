import { afterEach, expect, it, vi } from 'vitest'
import { processClock } from '../../containers/clock.ts'
import { recordOf } from '../../local/simulator/scenario.ts'
import { hoursAtWork, readLedger, totals } from '../../nas/runs/ledger.ts'
import { openEntry } from '../../nas/runs/open-entry.ts'
import { rentalPrices } from '../../nas/runs/prices.ts'
import { memoryStore } from '../functions/memory-store.ts'

const HOUR = 3_600_000
const job = {
  ...({ job: 'train', run: 'r', store: '', trials: ['t'], cores: 'one', device: 'cpu' } as const),
  ...{ jobId: 'j', attempt: 1 },
} as const

afterEach(() => {
  vi.useRealTimers()
})

it('charges an attempt for how long it ran, whatever the clock of its machine is set to meanwhile', async () => {
  const record = recordOf({ pipeline: 'dpc', dataset: { kind: 'street' }, budget: { trials: 1 } })
  const store = memoryStore()
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] })
  const startedAt = Date.now()
  const machine = { price: rentalPrices('t4').spot, startedAt, clock: processClock }
  const before = processClock.elapsed()
  const entry = await openEntry(store, job, record, machine)
  const seen = async () => (await readLedger(store, 'r'))[0]!.seenAt - startedAt - before
  await vi.advanceTimersByTimeAsync(HOUR)
  vi.setSystemTime(startedAt - HOUR)
  await vi.advanceTimersByTimeAsync(HOUR / 2)
  expect(await seen()).toBeCloseTo(1.5 * HOUR, 0)
  vi.setSystemTime(startedAt + 10 * HOUR)
  await entry.close('succeeded')
  expect(await seen()).toBeCloseTo(1.5 * HOUR, 0)
  const ledger = await readLedger(store, 'r')
  expect(totals(ledger).gpuHours).toBeCloseTo(1.5, 2)
  expect(hoursAtWork(ledger)).toBeCloseTo(1.5, 2)
})
