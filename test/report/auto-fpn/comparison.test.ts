import { describe, expect, it } from 'vitest'
import { rankDetectors } from '../../../report/auto-fpn/comparison.ts'
import { linksInWords } from '../../../report/auto-fpn/links.ts'
import { compared, sample } from './sample.ts'

const { comparison, record } = sample({ snas: true })
const failing = { ...compared(record.config, 'random', 0.3, null), score: null, ap50: null }

describe('rankDetectors', () => {
  it('ranks by score, failures last, each under a name of its own', () => {
    const { candidates } = rankDetectors({
      ...comparison!,
      contenders: [failing, ...comparison!.contenders],
    })
    expect(candidates.map(({ name }) => name)).toEqual([
      'the detector found',
      'SNAS',
      'FPN',
      'random detector 2',
      'random detector 3',
      'random detector 1',
    ])
  })

  it('takes SNAS for a baseline, and random detectors together', () => {
    const { baselines, leads } = rankDetectors(comparison!)
    expect(baselines.map(({ name }) => name)).toEqual(['FPN', 'the mean of 2 random detectors', 'SNAS'])
    expect(leads.map(({ name }) => name)).toEqual(['FPN', 'the mean of 2 random detectors', 'SNAS'])
  })
})

describe('linksInWords', () => {
  it('counts links that change something, by module', () => {
    const layer = (operators: Readonly<Record<number, 'identity'>>) =>
      Array.from({ length: 4 }, (_, i) => operators[i] ?? ('none' as const))
    const neck = { levels: 2, layers: [layer({ 0: 'identity', 3: 'identity' }), layer({ 0: 'identity' })] }
    // Of the first layer the second level is read by nothing.
    expect(linksInWords({ space: 'auto-fpn', version: 1, neck })).toBe('2 + –')
  })
})
