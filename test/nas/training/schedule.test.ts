import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { learningRates, scheduleConfigSchema } from '../../../nas/training/schedule.ts'

const schedule = (config: unknown, steps: number) => learningRates(scheduleConfigSchema.parse(config), steps)

describe('learningRates', () => {
  it('falls polynomially, with power 0.9 unless told', () => {
    const rate = schedule({ kind: 'polynomial', initial: 0.01 }, 1000)
    expect(rate(0)).toBe(0.01)
    expect(rate(500)).toBeCloseTo(0.005358867, 8)
    expect(rate(999)).toBeCloseTo(0.01 * 0.001 ** 0.9, 12)
    expect(rate(1000)).toBe(0)
    expect(schedule({ kind: 'polynomial', initial: 2, power: 1 }, 4)(1)).toBe(1.5)
  })

  it('falls along half a cosine, from the initial to the final rate', () => {
    const rate = schedule({ kind: 'cosine', initial: 0.2, final: 1e-4 }, 90)
    expect(rate(0)).toBeCloseTo(0.2, 12)
    expect(rate(30)).toBeCloseTo(1e-4 + 0.75 * (0.2 - 1e-4), 12)
    expect(rate(45)).toBeCloseTo((0.2 + 1e-4) / 2, 12)
    expect(rate(90)).toBeCloseTo(1e-4, 12)
  })

  it('falls at the given steps and not before', () => {
    const rate = schedule({ kind: 'step', initial: 1, at: [10, 20] }, 30)
    expect([0, 9, 10, 19, 20, 29].map(rate)).toEqual(
      [1, 1, 0.1, 0.1, 0.01, 0.01].map((x) => expect.closeTo(x, 12)),
    )
  })

  it('warms up linearly to the schedule and leaves the rest of it alone', () => {
    const flat = schedule({ kind: 'step', initial: 1, at: [], warmUp: 4 }, 10)
    expect([0, 1, 2, 3, 4, 9].map(flat)).toEqual([0.2, 0.4, 0.6, 0.8, 1, 1])
    const plain = schedule({ kind: 'polynomial', initial: 1 }, 10)
    const warm = schedule({ kind: 'polynomial', initial: 1, warmUp: 3 }, 10)
    expect(warm(0)).toBeCloseTo(plain(0) / 4)
    expect(warm(3)).toBe(plain(3))
  })

  it('never rises after warm-up and stays within (0, initial] before the end', () => {
    const warmUp = fc.nat(20)
    const config = fc.oneof(
      fc.record({
        kind: fc.constant('polynomial'),
        warmUp,
        power: fc.double({ min: 0.1, max: 3, noNaN: true }),
      }),
      fc.record({ kind: fc.constant('cosine'), warmUp, final: fc.double({ min: 0, max: 0.5, noNaN: true }) }),
      fc.record({ kind: fc.constant('step'), warmUp, at: fc.array(fc.nat(100), { maxLength: 4 }) }),
    )
    fc.assert(
      fc.property(config, fc.integer({ min: 1, max: 100 }), (given, steps) => {
        const rate = schedule({ initial: 0.5, ...given }, steps)
        for (let step = 0; step < steps; step++) {
          expect(rate(step)).toBeGreaterThan(0)
          expect(rate(step)).toBeLessThanOrEqual(0.5)
          if (step > given.warmUp) expect(rate(step)).toBeLessThanOrEqual(rate(step - 1))
        }
      }),
    )
  })

  it.each([
    [{ kind: 'linear', initial: 1 }],
    [{ kind: 'polynomial', initial: 0 }],
    [{ kind: 'polynomial', initial: 1, final: 0 }],
    [{ kind: 'cosine', initial: 0.1, final: 0.2 }],
    [{ kind: 'step', initial: 1, at: [0.5] }],
    [{ kind: 'polynomial', initial: 1, warmUp: -1 }],
  ])('refuses %j', (config) => {
    expect(scheduleConfigSchema.safeParse(config).success).toBe(false)
  })
})
