import { describe, expect, it } from 'vitest'
import { exhausted } from '../../../nas/runs/budget.ts'

describe('a budget', () => {
  const spent = { trials: 10, usd: 2, gpuHours: 3, hours: 4 }

  it.each([
    [{ trials: 10 }, 'the budget of 10 trials is used up'],
    [{ usd: 1.5 }, 'the budget of 1.5 dollars is used up'],
    [{ gpuHours: 3 }, 'the budget of 3 GPU hours is used up'],
    [{ hours: 4 }, 'the budget of 4 hours is used up'],
    [{ trials: 11, usd: 9, hours: 3 }, 'the budget of 3 hours is used up, after 10 of 11 trials'],
    [{ trials: 11, usd: 2.1, gpuHours: 3.1, hours: 4.1 }, undefined],
  ])('%j: %s', (budget, reason) => {
    expect(exhausted(budget, spent)).toBe(reason)
  })

  it('is used up where the comparison needs what is left, but for trials, which it has none of', () => {
    const reserved = { usd: 1, gpuHours: 1, hours: 1.25 }
    expect(exhausted({ hours: 5 }, spent, reserved)).toBe(
      'the budget of 5 hours is used up, but for the 1.3 that the comparison is estimated to take',
    )
    expect(exhausted({ hours: 5, trials: 200 }, spent, reserved)).toMatch(/, after 10 of 200 trials$/)
    expect(exhausted({ hours: 6, trials: 11 }, spent, reserved)).toBeUndefined()
  })
})
