import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../nas/runs/ledger.ts'
import { costSection, costTiles } from '../../report/cost.ts'
import { markupOf } from '../../report/html.ts'

const attempt = (
  job: string,
  minutes: number,
  outcome: LedgerEntry['outcome'] = 'succeeded',
): LedgerEntry => ({
  ...{ job, jobId: `${job}-${minutes}`, attempt: 1, trials: 1, card: 't4', outcome },
  ...{ usdPerHour: 0.6, basis: 'one g4dn.xlarge, spot', startedAt: 0, seenAt: minutes * 60_000 },
})
const phases = {
  warmup: { name: 'Warming up', colour: 'red' },
  evolve: { name: 'Evolution', colour: 'green' },
  finalists: { name: 'Finalists', colour: 'blue' },
}
const ledger = [attempt('finalists', 30), attempt('warmup', 60), attempt('warmup', 30, 'interrupted')]

const drawn = (entries: readonly LedgerEntry[]) =>
  parseHTML(`<html>${markupOf(costSection(entries, phases)!.body)}</html>`).document
const rowsOf = (document: ReturnType<typeof drawn>) =>
  [...document.querySelectorAll('tbody tr, tfoot tr')].map((row) =>
    [...row.querySelectorAll('td')].slice(0, -1).map(({ textContent }) => textContent),
  )

describe('costSection', () => {
  const document = drawn(ledger)

  it('sums up the phases of a pipeline that have run, in its order and under its names', () => {
    expect(rowsOf(document)).toEqual([
      ['Warming up', '2', '1', '0', '0', '1 h 30 min', '$0.90'],
      ['Finalists', '1', '0', '0', '0', '30 min 0 s', '$0.30'],
      ['All', '3', '1', '0', '0', '2 h 00 min', '$1.20'],
    ])
  })

  it('names a job of no phase by its kind, so that the rows add up', () => {
    expect(rowsOf(drawn([...ledger, attempt('bake', 30)])).slice(-2)).toEqual([
      ['bake', '1', '0', '0', '0', '30 min 0 s', '$0.30'],
      ['All', '4', '1', '0', '0', '2 h 30 min', '$1.50'],
    ])
  })

  it('draws them in its colours', () => {
    const fills = [...document.querySelectorAll('[aria-label=rect] rect')].map((bar) =>
      bar.getAttribute('fill'),
    )
    expect(new Set(fills)).toEqual(new Set(['red', 'blue']))
  })

  it('has nothing to show before the first job', () => {
    expect(costSection([], phases)).toBeUndefined()
  })
})

describe('costTiles', () => {
  it('count every attempt', () => {
    expect(costTiles(ledger)).toEqual([
      { name: 'Machine time', value: '2 h 00 min', remark: '3 attempts of jobs' },
      { name: 'Cost', value: '$1.20' },
    ])
  })
})
