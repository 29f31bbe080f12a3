import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FIGURES } from '../../../../nas/data/shapes/figures.ts'

const coordinate = fc.double({ min: -2, max: 2, noNaN: true })

describe.each(Object.entries(FIGURES))('a %s', (_, figure) => {
  test('is its own mirror image', () => {
    fc.assert(
      fc.property(coordinate, coordinate, (x, y) => {
        expect(figure(-x, y)).toBeCloseTo(figure(x, y), 12)
      }),
    )
  })

  test('lies in the unit disc', () => {
    fc.assert(
      fc.property(coordinate, coordinate, (x, y) => {
        if (Math.hypot(x, y) > 1.08) expect(figure(x, y)).toBeGreaterThan(0)
      }),
    )
  })

  test('has a distance: over a step it changes by no more than the step', () => {
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (x, y, toX, toY) => {
        const step = Math.hypot(toX - x, toY - y)
        expect(Math.abs(figure(toX, toY) - figure(x, y))).toBeLessThanOrEqual(step + 1e-9)
      }),
    )
  })

  test('covers a part of the disc that a small picture can show', () => {
    let inside = 0
    for (let y = 0; y < 100; y++) {
      for (let x = 0; x < 100; x++) if (figure((x + 0.5) / 50 - 1, (y + 0.5) / 50 - 1) < 0) inside++
    }
    expect(inside / 1e4).toBeGreaterThan(0.2)
    expect(inside / 1e4).toBeLessThan(0.7)
  })
})
