import { describe, expect, it } from 'vitest'
import type { Comparison } from '../../../nas/pipelines/densenas/comparison.ts'
import type { DenseNasReportData } from '../../../report/densenas/data.ts'
import { notes } from '../../../report/densenas/notes.ts'
import { CIFAR, compared, sample } from './sample.ts'

const said = (data: DenseNasReportData, tone: 'warning' | 'remark') =>
  notes(data)
    .filter((note) => note.tone === tone)
    .map(({ text }) => text)
    .join('\n')
const warnings = (changes: Partial<DenseNasReportData>) => said(sample(CIFAR, changes), 'warning')

const whole = sample()
const { genotype } = whole.search!.derived
const [derived, ...baselines] = whole.comparison!.contenders
const against = (...contenders: Comparison['contenders'][number][]) => ({
  comparison: { ...whole.comparison!, contenders: [derived!, ...contenders] },
})

describe('notes', () => {
  it('raise no alarm where there is no reason', () => {
    expect(notes(whole)).toEqual([])
  })

  it('warn of latencies that were measured on a busy machine', () => {
    const latencies = {
      device: 'Xeon',
      batch: 32,
      unit: 'ms',
      fixed: 1,
      head: [],
      stack: [],
      spread: 33.9,
    } as const
    expect(warnings({ latencies })).toMatch(/busy: .* differ by up to 3390 %.* --remeasure/)
    expect(warnings({ latencies: { ...latencies, spread: 0.2 } })).toBe('')
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

  it('admit that a baseline was better', () => {
    expect(warnings(against(compared('mobilenet-v2', 0.7614, genotype)))).toContain(
      'The network found did not beat MobileNetV2: −0.50 points.',
    )
    expect(warnings(against(compared('random', 0.7564, genotype)))).toContain(
      'did not beat a random path: +0.00 points',
    )
  })

  it('admit that a lead is within the spread of scores', () => {
    expect(warnings(against(compared('mobilenet-v2', 0.7534, genotype)))).toContain(
      'leads MobileNetV2 by 0.30 points, but their seeds overlap: 75.64 ± 0.31 against 75.34 ± 0.31',
    )
  })

  it('miss the baselines, or say why they were left out', () => {
    expect(warnings(against())).toContain('No baseline')
    const limited = { comparison: { ...whole.comparison!, limited: '2 hours, the budget' } }
    expect(warnings(limited)).toContain('Baselines were left out: 2 hours, the budget.')
  })

  it('tell why networks could not be trained', () => {
    const failing = {
      ...baselines[0]!,
      score: null,
      trials: baselines[0]!.trials.map((trial) => ({ ...trial, score: null, reason: 'the loss is NaN' })),
    }
    expect(warnings(against(failing))).toContain('1 network could not be trained: the loss is NaN.')
  })

  it('tell of a search that has not decided', () => {
    const undecided = sample({ ...CIFAR, drift: 0.2 })
    expect(said(undecided, 'warning')).toContain('hardly decided on the paths and the operations')
  })

  it('tell of a supernet that knew no more than guessing', () => {
    const search = (score: number | undefined) => ({ search: { ...whole.search!, score } })
    expect(warnings(search(0.12))).toContain('reaches 12.00 % top-1, where guessing gets 10.00 %')
    expect(warnings(search(0.2))).toBe('')
    expect(warnings(search(undefined))).toBe('')
  })

  it('remark that baselines cost more or less, and that one seed is little', () => {
    const cheap = { ...baselines[0]!, multiplyAdds: Math.round(derived!.multiplyAdds / 2) }
    expect(said(sample(CIFAR, against(cheap)), 'remark')).toContain('differ by up to 50 %')
    const once = whole.comparison!.contenders.map((each) => ({ ...each, trials: each.trials.slice(1) }))
    const single = { comparison: { ...whole.comparison!, contenders: once } }
    expect(said(sample(CIFAR, single), 'remark')).toMatch(/a single seed.*give retrain\.seeds more/)
  })
})
