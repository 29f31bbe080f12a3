import { describe, expect, it } from 'vitest'
import { entryOf } from '../../../nas/spaces/auto-fpn/search/history.ts'
import { beside, undecided } from '../../../report/auto-fpn/statistics.ts'

const entry = (parameters: readonly number[]) =>
  entryOf({ step: 1, loss: 1, cost: 1, parameters: { alpha: [[parameters]], beta: [] } })

describe('undecided', () => {
  it('is 1 where all operators are alike, about 0 where one is left, and the share of its greatest between', () => {
    expect(undecided(entry(Array(8).fill(0.3)))).toBeCloseTo(1, 4)
    expect(undecided(entry([30, 0, 0, 0, 0, 0, 0, 0]))).toBeCloseTo(0, 4)
    // Two operators of eight, equally probable: ln 2 / ln 8.
    expect(undecided(entry([30, 30, 0, 0, 0, 0, 0, 0]))).toBeCloseTo(1 / 3, 3)
  })
})

describe('beside', () => {
  it.each([
    [57, 100, '43 % fewer'],
    [112, 100, '12 % more'],
    [100.2, 100, 'as many'],
    [260, 100, '2.6 times as many'],
    [0, 100, '100 % fewer'],
  ])('says of %d beside %d: %s', (n, other, words) => {
    expect(beside(n, other)).toBe(words)
  })
})
