import { expect, it } from 'vitest'
import { random } from '../../../nas/random.ts'
import { checkpointClock, checkpointInterval } from '../../../nas/runs/checkpoint-interval.ts'

/** The part of the time that is lost, in a long simulation of work, checkpoints and interruptions. */
function lost(interval: number, write: number, between: number): number {
  const rng = random(1, 'interruptions', interval)
  const untilNext = () => -between * Math.log(1 - rng.uniform())
  let [time, done, left] = [0, 0, untilNext()]
  while (done < 20_000 * between) {
    if (left >= interval + write) {
      time += interval + write
      left -= interval + write
      done += interval
    } else {
      time += left
      left = untilNext()
    }
  }
  return 1 - done / time
}

it('is the one that loses least', () => {
  for (const [write, between] of [
    [1, 100],
    [5, 100],
    [20, 100],
  ] as const) {
    const best = lost(checkpointInterval(write, between), write, between)
    for (const factor of [0.5, 0.7, 1.4, 2])
      expect(lost(factor * checkpointInterval(write, between), write, between)).toBeGreaterThan(best)
  }
})

it('is the root of twice the product for short writes (Young 1974)', () => {
  expect(checkpointInterval(1, 1e8) / Math.sqrt(2e8)).toBeCloseTo(1, 3)
  expect(checkpointInterval(10, 4)).toBe(4)
})

it('follows from what the first checkpoint cost', () => {
  let now = 0
  const { due, written } = checkpointClock(() => now, 1)
  now = 14_999
  expect(due()).toBe(false)
  now = 15_000
  expect(due()).toBe(true)
  now += 2000
  written()
  const interval = checkpointInterval(2000, 3_600_000)
  now += interval - 1
  expect(due()).toBe(false)
  now += 1
  expect(due()).toBe(true)
})
