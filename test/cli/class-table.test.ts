import { expect, test } from 'vitest'
import { classTable } from '../../cli/class-table.ts'
import type { ClassCounts } from '../../nas/data/class-counts.ts'

test('a row for each class and one for void', () => {
  const counts: ClassCounts = {
    of: 'pixels',
    values: [0, 1, 2],
    train: { classes: [60_000, 1, 0], ignored: { 255: 39_999 } },
    validation: { classes: [3, 1, 0], ignored: {} },
  }
  expect(classTable(['sky', 'road', 'car'], counts).split('\n')).toEqual([
    'class  % of training pixels  % of validation pixels',
    'sky                   60.00                   75.00',
    'road                 < 0.01                   25.00',
    'car                       0                       0',
    'void                  40.00                       0',
  ])
})

test('boxes have no void', () => {
  const counts: ClassCounts = {
    of: 'boxes',
    values: [],
    train: { classes: [3, 1], ignored: {} },
    validation: { classes: [1, 0], ignored: {} },
  }
  expect(classTable(['cell', 'platelet'], counts).split('\n')).toEqual([
    'class     % of training boxes  % of validation boxes',
    'cell                    75.00                 100.00',
    'platelet                25.00                      0',
  ])
})

test('void that is nowhere has no row', () => {
  const split = { classes: [1, 1], ignored: {} }
  const counts: ClassCounts = { of: 'pixels', values: [0, 1], train: split, validation: split }
  expect(classTable(['sky', 'road'], counts)).not.toContain('void')
})

test('of many classes the rarest are shown, the others as ranges, in 80 columns', () => {
  const images = Array.from({ length: 150 }, (_, i) => (i * 77) % 150)
  const counts: ClassCounts = {
    of: 'images',
    values: [],
    train: { classes: images, ignored: {} },
    validation: { classes: images, ignored: {} },
  }
  const names = images.map((_, i) => `${'a very long name of a class '.repeat(3)}${i}`)
  const lines = classTable(names, counts).split('\n')
  expect(lines).toHaveLength(1 + 12 + 1)
  expect(lines[1]).toMatch(/…\s+0\s+0$/)
  expect(lines.at(-1)).toMatch(/^138 more often\s+0\.11 to 1\.33\s+0\.11 to 1\.33$/)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(78)
})

test('boxes have no void', () => {
  const counts: ClassCounts = {
    of: 'boxes',
    values: [],
    train: { classes: [3, 1], ignored: {} },
    validation: { classes: [1, 0], ignored: {} },
  }
  expect(classTable(['car', 'bus'], counts).split('\n')).toEqual([
    'class  % of training boxes  % of validation boxes',
    'car                  75.00                 100.00',
    'bus                  25.00                      0',
  ])
})
