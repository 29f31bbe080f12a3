import { describe, expect, it } from 'vitest'
import type { DpcReportData } from '../../../report/dpc/data.ts'
import { notes } from '../../../report/dpc/notes.ts'
import { sample, trained } from './sample.ts'

const warnings = (changes: Partial<DpcReportData>) =>
  notes(sample(48, changes))
    .filter(({ tone }) => tone === 'warning')
    .map(({ text }) => text)
    .join('\n')
const { rerank, tried } = sample(48)
const succeeded = tried.filter((each) => 'score' in each)
const searched = rerank!.contenders.filter(({ role }) => role === 'searched')

describe('notes', () => {
  it('raise no alarm where there is no reason', () => {
    expect(warnings({ tried: succeeded })).toBe('')
  })

  it('say that a run was interrupted, where, and how it goes on', () => {
    const at = Date.UTC(2026, 10, 26, 17, 2)
    const end = {
      status: 'interrupted',
      at,
      where: 'in the phase search',
      again: 'trellis resume a',
    } as const
    expect(warnings({ end })).toMatch(
      /^This run was interrupted at 2026-11-26 17:02 UTC, in the phase search, .* Go on with: trellis resume a/,
    )
    expect(warnings({ end })).not.toContain('going')
  })

  it('say that a run is still going, or why it failed', () => {
    expect(warnings({ end: undefined })).toContain('still going')
    expect(warnings({ end: { status: 'running' } })).toContain('still going')
    expect(warnings({ end: { status: 'failed', error: 'no GPU left', stopped: null } })).toContain(
      'no GPU left',
    )
  })

  it('count failed trials and give the most frequent reason', () => {
    const [first, second, third, ...rest] = succeeded
    const failing = [
      { ...first!, reason: 'out of memory' },
      { ...second!, reason: 'NaN' },
      { ...third!, reason: 'NaN' },
    ].map(({ number, trial, genotype, reason }) => ({ number, trial, genotype, reason }))
    expect(warnings({ tried: [...failing, ...rest] })).toContain(
      `3 of ${succeeded.length} trials failed, 2 of them thus: NaN.`,
    )
  })

  it('admit that a baseline was better', () => {
    const better = { ...rerank!, contenders: [...searched, trained('aspp', 0.72, 0.001)] }
    expect(warnings({ rerank: better })).toContain('The winner did not beat ASPP: −1.42 points.')
  })

  it('admit that a lead is within the spread of seeds', () => {
    const close = { ...rerank!, contenders: [...searched, trained('aspp', 0.7, 0.01)] }
    expect(warnings({ rerank: close })).toContain(
      'The winner leads ASPP by 0.58 points, but their seeds overlap: 70.58 ± 0.30 against 70.00 ± 1.00.',
    )
  })

  it('count trials that predict one class everywhere', () => {
    const some = tried.map((each, i) => ('score' in each && i < 9 ? { ...each, onlyClass: 3 } : each))
    const times = some.filter((each) => 'onlyClass' in each).length
    expect(warnings({ tried: some })).toContain(
      `${times} of ${tried.length} trials on the proxy task ended with a network that predicts one class everywhere`,
    )
  })

  it('miss the baselines', () => {
    expect(warnings({ rerank: { ...rerank!, contenders: searched } })).toContain('No baseline')
  })

  it('trust no correlation of few pairs, nor one that may be zero', () => {
    expect(warnings({ rerank: { ...rerank!, pairs: 4 } })).toContain('Only 4 cells with both')
    const uncertain = { ...rerank!, spearman: { value: 0.2, low: -0.1, high: 0.5 } }
    expect(warnings({ rerank: uncertain })).toContain('includes 0')
  })
})
