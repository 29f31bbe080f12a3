import { expect, test } from 'vitest'
import { etaOf } from '../../cli/eta.ts'

test('the time left is what remains at the rate since the phase began', () => {
  expect(etaOf([{ from: 4, at: 10, to: 16 }], 60)).toEqual({ fraction: 10 / 16, left: 60 })
})

test('the limit that is nearest decides', () => {
  const trials = { from: 0, at: 10, to: 100 }
  const dollars = { from: 0, at: 9, to: 10 }
  expect(etaOf([trials, dollars], 90)).toEqual({ fraction: 0.9, left: 10 })
  expect(etaOf([dollars, trials], 90)).toEqual({ fraction: 0.9, left: 10 })
})

test('nothing is said of the end before there is a rate, or without a limit', () => {
  expect(etaOf([{ from: 4, at: 4, to: 16 }], 60)).toEqual({ fraction: 0.25, left: undefined })
  expect(etaOf([], 60)).toEqual({ fraction: undefined, left: undefined })
})

test('nothing is foretold from the first seconds, in which jobs start', () => {
  expect(etaOf([{ from: 0, at: 4, to: 100 }], 10)).toEqual({ fraction: 0.04, left: undefined })
  expect(etaOf([{ from: 0, at: 10, to: 100 }], 10)).toMatchObject({ left: 90 })
  expect(etaOf([{ from: 0, at: 4, to: 100 }], 30)).toMatchObject({ left: 720 })
})

test('a limit that is overrun leaves no time, not less than none', () => {
  expect(etaOf([{ from: 0, at: 12, to: 10 }], 60)).toEqual({ fraction: 1, left: 0 })
})

test('a comparison that has nothing to compare is not a part of itself', () => {
  expect(etaOf([{ from: 0, at: 0, to: 0 }], 60)).toEqual({ fraction: undefined, left: undefined })
})
