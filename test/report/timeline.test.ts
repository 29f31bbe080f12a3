import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../nas/runs/ledger.ts'
import { jobsAtWork } from '../../report/timeline.ts'
import { sample } from './dpc/sample.ts'

const [example] = sample(24).ledger
const work = (startedAt: number, length: number, job: LedgerEntry['job'] = 'train'): LedgerEntry => ({
  ...example!,
  job,
  startedAt,
  seenAt: startedAt + length,
})

describe('jobsAtWork', () => {
  it('accounts for all the time of every phase', () => {
    const entry = fc
      .tuple(fc.nat(1e7), fc.nat(1e6), fc.constantFrom('train' as const, 'proxy-task' as const))
      .map((parts) => work(...parts))
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (ledger) => {
        const { bins } = jobsAtWork(ledger)
        for (const phase of ['train', 'proxy-task'] as const) {
          const worked = ledger
            .filter(({ job }) => job === phase)
            .reduce((sum, it) => sum + it.seenAt - it.startedAt, 0)
          const drawn = bins
            .filter((bin) => bin.phase === phase)
            .reduce((sum, { from, to, jobs }) => sum + jobs * (to - from), 0)
          expect(drawn).toBeCloseTo(worked, 0)
        }
      }),
    )
  })

  it('shows two jobs at once as two', () => {
    const { bins, milliseconds } = jobsAtWork([work(1000, 240), work(1000, 120)])
    expect(milliseconds).toBe(240)
    expect(bins.map(({ jobs }) => Math.round(jobs))).toEqual([...Array(120).fill(2), ...Array(120).fill(1)])
  })

  it('has nothing to show of jobs that have only just started', () => {
    expect(jobsAtWork([work(1000, 0)])).toEqual({ bins: [], milliseconds: 0 })
    expect(jobsAtWork([])).toEqual({ bins: [], milliseconds: 0 })
  })
})
