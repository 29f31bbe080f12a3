import { describe, expect, test } from 'vitest'
import { timeRuns } from '../../../nas/engines/time-runs.ts'

/** Runs that take these milliseconds, over and over, by a clock of their own. */
function fake(milliseconds: readonly number[]) {
  let [time, runs] = [0, 0]
  return {
    now: () => time,
    run: async () => {
      time += milliseconds[runs++ % milliseconds.length]!
    },
    runs: () => runs,
  }
}

describe('timing runs', () => {
  test('that always take as long ends early, with no spread', async () => {
    expect(await timeRuns(fake([2]))).toEqual({ median: 2, spread: 0, runs: 10 })
  })

  test('leaves out the first ones, which warm up', async () => {
    let first = true
    const clock = fake([1])
    const run = async () => {
      await clock.run()
      if (first) for (let i = 0; i < 100; i++) await clock.run()
      first = false
    }
    expect(await timeRuns({ ...clock, run })).toMatchObject({ median: 1, spread: 0 })
  })

  test('gives the median and the distance of the farther quartile, as a part of it', async () => {
    // After three runs to warm up: 1 1 1 1 1 1 1 1 2 9, whose quartiles are all 1; then 0.5 … 3 in equal parts.
    const timing = await timeRuns(fake([1, 1, 1, ...Array<number>(8).fill(1), 2, 9]))
    expect(timing).toEqual({ median: 1, spread: 0, runs: 10 })
    const wide = await timeRuns(fake([30, 10, 20]))
    expect(wide.median).toBe(20)
    expect(wide.spread).toBe(0.5)
  })

  test('that never settle ends after a quarter of a second of them', async () => {
    const clock = fake([1, 3])
    const { runs, median } = await timeRuns(clock)
    expect(runs).toBe(clock.runs() - 3)
    expect(runs).toBeLessThanOrEqual(126)
    expect([1, 2, 3]).toContain(median)
  })
})
