import { describe, expect, test } from 'vitest'
import { costOf as costOfPhases, inWords } from '../../../cli/aws/cost.ts'
import { dpc } from '../../../cli/pipelines/dpc/index.ts'
import type { LedgerEntry } from '../../../nas/runs/ledger.ts'

const HOUR = 3_600_000
const costOf = (ledger: readonly LedgerEntry[], now: number) =>
  inWords(costOfPhases('a', ledger, dpc.phases, now))
const NOW = 100 * HOUR

const entry = (hours: number, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  job: 'proxy-task',
  jobId: 'a',
  attempt: 1,
  trials: 4,
  card: 't4',
  usdPerHour: 0.2,
  onDemandUsdPerHour: 0.526,
  basis: 'test',
  startedAt: NOW - 50 * HOUR,
  seenAt: NOW - 50 * HOUR + hours * HOUR,
  outcome: 'succeeded',
  ...more,
})

const rowsOf = (text: string) =>
  Object.fromEntries(
    text
      .split('\n')
      .map((line) => line.split(/ {2,}/))
      .map(([name, ...cells]) => [name, cells]),
  )

describe('what a run has cost', () => {
  const ledger = [
    entry(10, { outcome: 'interrupted' }),
    entry(5, { attempt: 2 }),
    entry(3, { jobId: 'b' }),
    entry(2, { jobId: 'c', job: 'train', outcome: 'failed' }),
    entry(1, { jobId: 'd', job: 'features', usdPerHour: 0.526 }),
  ]
  const text = costOf(ledger, NOW)

  test('is told by phase, and what of it went into attempts that were cut short', () => {
    const rows = rowsOf(text)
    expect(rows.search).toEqual(['3', '18 h 00 min', '$3.60', '1', '10 h 00 min', '$2.00'])
    expect(rows['full training']).toEqual(['1', '2 h 00 min', '$0.40', '1', '2 h 00 min', '$0.40'])
    expect(rows.total).toEqual(['5', '21 h 00 min', '$4.53', '2', '12 h 00 min', '$2.40'])
  })

  test('names a job of no phase by its kind, so that the rows add up', () => {
    const rows = rowsOf(costOf([...ledger, entry(4, { jobId: 'e', job: 'bake' })], NOW))
    expect(rows.bake).toEqual(['1', '4 h 00 min', '$0.80', '0', '0 s', '$0.00'])
    expect(rows.total!.slice(0, 2)).toEqual(['6', '1 d 1 h'])
  })

  test('and by attempt', () => {
    const rows = rowsOf(text)
    expect(rows[1]).toEqual(['4', '16 h 00 min', '$3.53', '2', '12 h 00 min', '$2.40'])
    expect(rows[2]).toEqual(['1', '5 h 00 min', '$1.00', '0', '0 s', '$0.00'])
  })

  test('and what spot capacity has saved, to which an attempt on demand adds nothing', () => {
    // 20 hours at 0.526, paid at 0.2.
    expect(text).toContain(
      '$6.52 saved by spot capacity, on which 4 of 5 attempts ran: $4.00 for what is $10.52 on demand',
    )
  })

  test('goes by the prices of the time, whatever is read later', () => {
    const dear = costOf([entry(1, { onDemandUsdPerHour: 10.2 })], NOW)
    expect(dear).toContain('$10.00 saved')
  })

  test('takes an attempt without an end for cut short once it is silent', () => {
    const open = (seenAt: number) => entry(0, { outcome: 'running', seenAt })
    expect(rowsOf(costOf([open(NOW - 1000)], NOW)).total![3]).toBe('0')
    expect(rowsOf(costOf([open(NOW - 10 * 60_000)], NOW)).total![3]).toBe('1')
  })

  test('saves nothing on a computer of one’s own', () => {
    const own = entry(1, { card: 'cpu', usdPerHour: 0, onDemandUsdPerHour: undefined })
    expect(costOf([own], NOW)).not.toContain('saved')
  })
})
