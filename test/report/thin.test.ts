import fc from 'fast-check'
import { expect, it } from 'vitest'
import { thin } from '../../report/thin.ts'

type Dot = readonly [x: number, y: number]
const coordinate = fc.double({ min: -5, max: 5, noNaN: true })
const dots = fc.array(fc.tuple(coordinate, coordinate), { maxLength: 300 })
const thinned = (items: readonly Dot[], grid: { columns: number; rows: number }) =>
  thin(
    items,
    ([x]) => x,
    ([, y]) => y,
    grid,
  )

it('keeps at most one dot a cell of the grid', () => {
  fc.assert(
    fc.property(dots, (items) => {
      const kept = thinned(items, { columns: 4, rows: 3 })
      expect(kept.length).toBeLessThanOrEqual(12)
      expect(items).toEqual(expect.arrayContaining([...kept]))
    }),
  )
})

it('leaves no dot without a neighbour within a cell’s size', () => {
  fc.assert(
    fc.property(dots, (items) => {
      const kept = thinned(items, { columns: 10, rows: 10 })
      const extent = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
      const width = extent(items.map(([x]) => x)) / 10 + 1e-9
      const height = extent(items.map(([, y]) => y)) / 10 + 1e-9
      for (const [x, y] of items) {
        expect(kept.some(([u, v]) => Math.abs(u - x) <= width && Math.abs(v - y) <= height)).toBe(true)
      }
    }),
  )
})

it('draws all dots that lie apart', () => {
  const apart = Array.from({ length: 8 }, (_, i): Dot => [i, i % 2])
  expect(thinned(apart, { columns: 8, rows: 2 })).toEqual(apart)
})
