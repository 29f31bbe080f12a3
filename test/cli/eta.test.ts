import { expect, test } from 'vitest'
import { outlook } from '../../cli/outlook.ts'

test('the time left is what remains at the pace since the phase began', () => {
  expect(outlook([{ from: 4, at: 10, to: 16 }], 60)).toEqual({ fraction: 10 / 16, left: 60 })
})

test('the limit that is nearest decides', () => {
  const trials = { from: 0, at: 10, to: 100 }
  const dollars = { from: 0, at: 9, to: 10 }
  expect(outlook([trials, dollars], 90)).toEqual({ fraction: 0.9, left: 10 })
  expect(outlook([dollars, trials], 90)).toEqual({ fraction: 0.9, left: 10 })
})

test('nothing is said of the end before there is a pace, or without a limit', () => {
  expect(outlook([{ from: 4, at: 4, to: 16 }], 60)).toEqual({ fraction: 0.25, left: undefined })
  expect(outlook([], 60)).toEqual({ fraction: undefined, left: undefined })
})

test('a limit that is overrun leaves no time, not less than none', () => {
  expect(outlook([{ from: 0, at: 12, to: 10 }], 60)).toEqual({ fraction: 1, left: 0 })
})
