import { expect, test } from 'vitest'
import { createTally } from '../../cli/tally.ts'

const began = { at: 0, hours: 0, usd: 0, gpuHours: 0 }
const after = (seconds: number) => ({ ...began, at: seconds * 1000 })

test('counts each trial once, running ones in part, and failed ones as done', () => {
  const tally = createTally('search', { trials: 8 }, began)
  tally.score('a', 0.3, 'new')
  tally.score('a', 0.3, 'new')
  tally.score('b', null, 'new')
  tally.run('job-1', { trial: 'c', step: 0, steps: 10, loss: 1 })
  tally.run('job-1', { trial: 'c', step: 5, steps: 10, loss: 1 })
  const progress = tally.progress(after(60))
  expect(progress.trials).toEqual({ done: 2, failed: 1, total: 8 })
  expect(progress.fraction).toBeCloseTo(2.5 / 8)
  expect(progress.left).toBeCloseTo((60 * 5.5) / 2.5)
  expect(progress).toMatchObject({ best: 0.3, rate: 2 })
})

test('what an earlier session has done counts as done, not as pace', () => {
  const tally = createTally('search', { trials: 8 }, began)
  for (const trial of 'abcd') tally.score(trial, 0.1, 'known')
  expect(tally.progress(after(60))).toMatchObject({ fraction: 0.5, left: undefined, rate: undefined })
  tally.score('e', 0.1, 'new')
  expect(tally.progress(after(60))).toMatchObject({ left: 180, rate: 1 })
})

test('a trial that goes on from a checkpoint counts for the pace from there', () => {
  const tally = createTally('full training', {}, began)
  tally.expect(1)
  tally.run('job-1', { trial: 'a', step: 50, steps: 100, loss: 1 })
  tally.run('job-1', { trial: 'a', step: 75, steps: 100, loss: 1 })
  expect(tally.progress(after(30))).toMatchObject({ fraction: 0.75, left: 30 })
})

test('a job that goes to its next trial names the one before, and a trial with a result does not run', () => {
  const tally = createTally('search', { trials: 8 }, began)
  const at = (trial: string) => ({ trial, step: 1, steps: 2, loss: null })
  expect(tally.run('job-1', at('a'))).toBeUndefined()
  expect(tally.run('job-1', at('a'))).toBeUndefined()
  expect(tally.run('job-2', at('b'))).toBeUndefined()
  expect(tally.run('job-1', at('c'))).toBe('a')
  expect(
    tally
      .progress(after(1))
      .running.map(({ trial }) => trial)
      .sort(),
  ).toEqual(['b', 'c'])
  tally.score('c', 0.5, 'new')
  expect(tally.progress(after(1)).running.map(({ trial }) => trial)).toEqual(['b'])
})

test('a search without a number of trials is measured by what it spends', () => {
  const tally = createTally('search', { usd: 10 }, { ...began, usd: 2 })
  expect(tally.progress({ ...after(60), usd: 6 })).toMatchObject({
    fraction: 0.6,
    left: 60,
    trials: { total: undefined },
  })
})
