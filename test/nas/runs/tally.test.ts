import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  hoursAtWork,
  type LedgerEntry,
  putLedgerEntry,
  readLedger,
  totals,
} from '../../../nas/runs/ledger.ts'
import { countLedger, NOTHING_COUNTED } from '../../../nas/runs/tally.ts'
import { memoryStore } from '../../functions/memory-store.ts'

const OUTCOMES = ['running', 'succeeded', 'failed', 'interrupted'] as const

const entries = fc.array(
  fc.record({
    jobId: fc.constantFrom('a', 'b', 'c', 'd'),
    attempt: fc.integer({ min: 1, max: 3 }),
    startedAt: fc.nat(1000),
    took: fc.nat(1000),
    outcome: fc.constantFrom(...OUTCOMES),
  }),
  { maxLength: 8 },
)

it('counts every entry once, when it is closed, and those still open as they are: the sums of the whole ledger', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entries, { maxLength: 4 }), async (rounds) => {
      const store = memoryStore()
      const written = new Map<string, LedgerEntry['outcome']>()
      let before = NOTHING_COUNTED
      for (const round of rounds) {
        for (const { took, ...each } of round) {
          const name = `${each.jobId}-${each.attempt}`
          // What is closed stays closed.
          if ((written.get(name) ?? 'running') !== 'running') continue
          written.set(name, each.outcome)
          const rest = { job: 'train', trials: 1, card: 't4', usdPerHour: 0.5, basis: 'spot' } as const
          await putLedgerEntry(store, 'r', { ...rest, ...each, seenAt: each.startedAt + took })
        }
        store.asked.length = 0
        const { tally, spent } = await countLedger(store, 'r', before, () => true)
        for (const name of before.counted) expect(store.asked.join()).not.toContain(`${name}.json`)
        const all = await readLedger(store, 'r')
        const { gpuHours, usd, ...counts } = totals(all)
        expect(spent).toMatchObject(counts)
        expect(spent.gpuHours).toBeCloseTo(gpuHours, 12)
        expect(spent.usd).toBeCloseTo(usd, 12)
        expect(spent.hours).toBeCloseTo(hoursAtWork(all), 12)
        before = tally
      }
    }),
  )
})
