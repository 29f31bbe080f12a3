import { expect, it } from 'vitest'
import {
  counted,
  date,
  difference,
  duration,
  large,
  ordinal,
  percent,
  points,
  usd,
} from '../../report/format.ts'

it('writes scores as the papers do, in points', () => {
  expect(points(0.73119)).toBe('73.12')
  expect(percent(1)).toBe('100.00 %')
  expect(percent(null)).toBe('–')
  expect(difference(0.013)).toBe('+1.30')
  expect(difference(-0.0042)).toBe('−0.42')
})

it('writes sizes to three digits', () => {
  expect([356_160, 2_997_100_000, 18].map(large)).toEqual(['356K', '3B', '18'])
  expect(large(null)).toBe('–')
})

it('writes durations in the two units that matter', () => {
  expect([0, 59.6, 190, 7_500, 3 * 86_400 + 4 * 3600].map(duration)).toEqual([
    ...['0 s', '1 min 0 s', '3 min 10 s', '2 h 05 min', '3 d 4 h'],
  ])
})

it('never shows a cost as nothing', () => {
  expect([0, 0.00123, 4.111, 12_345.6].map(usd)).toEqual(['$0.00', '$0.0012', '$4.11', '$12,345.60'])
})

it('counts in English', () => {
  expect([1, 28_000].map((n) => counted(n, 'trial'))).toEqual(['1 trial', '28,000 trials'])
  expect([1, 2, 3, 4, 11, 12, 21, 112, 1003].map(ordinal)).toEqual([
    ...['1st', '2nd', '3rd', '4th', '11th', '12th', '21st', '112th', '1,003rd'],
  ])
})

it('gives times in UTC', () => {
  expect(date(Date.UTC(2026, 10, 22, 8, 5))).toBe('2026-11-22 08:05 UTC')
})
