import { describe, expect, it } from 'vitest'
import type { Comparison } from '../../../nas/pipelines/auto-fpn/comparison.ts'
import type { AutoFpnReportData } from '../../../report/auto-fpn/data.ts'
import { notes } from '../../../report/auto-fpn/notes.ts'
import { compared, sample } from './sample.ts'

const said = (data: AutoFpnReportData, tone: 'warning' | 'remark') =>
  notes(data)
    .filter((note) => note.tone === tone)
    .map(({ text }) => text)
    .join('\n')
const whole = sample()
const warnings = (changes: Partial<AutoFpnReportData>) => said({ ...whole, ...changes }, 'warning')
const { config } = whole.record
const [found, ...baselines] = whole.comparison!.contenders

const against = (...contenders: Comparison['contenders'][number][]) => {
  const { leads: _, winner, ...comparison } = whole.comparison!
  const { test: __, ...untested } = winner
  return { comparison: { ...comparison, winner: untested, contenders: [found!, ...contenders] } }
}

describe('notes', () => {
  it('raise no alarm where there is no reason', () => {
    expect(notes(whole)).toEqual([])
  })

  it('say that a run is still going, or why it failed', () => {
    expect(warnings({ end: undefined })).toContain('still going')
    const end = { status: 'failed', error: 'no GPU left', stopped: null } as const
    expect(warnings({ end })).toContain('no GPU left')
  })

  it('tell of a search that has not decided', () => {
    const undecided = said(sample({ drift: 0.2 }), 'warning')
    expect(undecided).toContain('The search of the neck has hardly decided')
    expect(undecided).toContain('The search of the head has hardly decided')
  })

  it('tell of a supernet that detects nothing', () => {
    const [neck, head] = whole.searches
    const failing = { ...head!, found: [{ ...head!.found[0]!, score: 0.004 }] }
    expect(warnings({ searches: [neck!, failing] })).toBe(
      'The supernet of the head reaches 0.40 % AP: the search had little to go by. Give search.steps more.',
    )
  })

  it('tell of a baseline that is missing, as its search has failed', () => {
    const [neck, head] = whole.searches
    const failed = [{ method: 'snas', reason: 'diverged at step 43: the loss was NaN' }] as const
    expect(warnings({ searches: [neck!, { ...head!, failed }] })).toBe(
      'SNAS is not compared: its search of the head failed: diverged at step 43: the loss was NaN.',
    )
  })

  it('admit that FPN was better', () => {
    expect(warnings(against(compared(config, 'fpn', 0.3612, null)))).toContain(
      'The detector found did not beat FPN: −2.00 points.',
    )
  })

  it('admit that a lead on the test images includes 0', () => {
    const leads = [{ role: 'fpn', networks: 1, lead: { value: 0.01, low: -0.002, high: 0.02 } }]
    expect(warnings({ comparison: { ...whole.comparison!, leads } })).toContain(
      'The detector found leads FPN on the test images by 1.00 points, [−0.20, +2.00], within noise',
    )
  })

  it('say why baselines were left out', () => {
    const limited = { ...whole.comparison!, limited: 'no baselines: 2 hours, the budget' }
    expect(warnings({ comparison: limited })).toContain('No baselines: 2 hours, the budget.')
  })

  it('tell why detectors could not be trained', () => {
    const failing = {
      ...baselines[0]!,
      score: null,
      trials: baselines[0]!.trials.map((trial) => ({ ...trial, score: null, reason: 'the loss is NaN' })),
    }
    expect(warnings(against(failing))).toContain('1 detector could not be trained: the loss is NaN.')
  })
})
