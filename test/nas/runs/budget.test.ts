import { describe, expect, it } from 'vitest'
import { exhausted } from '../../../nas/runs/budget.ts'

describe('a budget', () => {
  const spent = { trials: 10, usd: 2, gpuHours: 3, hours: 4 }

  it.each([
    [{ trials: 10 }, 'the budget of 10 trials is used up'],
    [{ usd: 1.5 }, 'the budget of 1.5 dollars is used up'],
    [{ gpuHours: 3 }, 'the budget of 3 GPU hours is used up'],
    [{ hours: 4 }, 'the budget of 4 hours is used up'],
    [{ trials: 11, usd: 9, hours: 3 }, 'the budget of 3 hours is used up'],
    [{ trials: 11, usd: 2.1, gpuHours: 3.1, hours: 4.1 }, undefined],
  ])('%j: %s', (budget, reason) => {
    expect(exhausted(budget, spent)).toBe(reason)
  })
})
