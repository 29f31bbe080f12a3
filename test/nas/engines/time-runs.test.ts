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
  }
}

describe('a burst of runs', () => {
  test('has five, however long they take', async () => {
    expect(await timeRuns(fake([100]))).toEqual({ shortest: 100, runs: 5 })
  })

  test('lasts for 20 milliseconds, however short they are', async () => {
    expect(await timeRuns(fake([0.5]))).toEqual({ shortest: 0.5, runs: 40 })
  })

  test('leaves out the first ones, which warm up', async () => {
    expect(await timeRuns(fake([1, 1, 8, 8, 8, 8, 8]))).toEqual({ shortest: 8, runs: 5 })
  })

  test('counts the run that was delayed the least', async () => {
    expect((await timeRuns(fake([9, 9, 30, 10, 20, 70, 11]))).shortest).toBe(10)
  })
})
