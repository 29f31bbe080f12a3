import { expect, test } from 'vitest'
import { createPhaseTracker } from '../../cli/phase-tracker.ts'
import { PHASES } from '../../cli/pipelines/dpc/phases.ts'

const began = { at: 0, hours: 0, usd: 0, gpuHours: 0 }
const after = (seconds: number) => ({ ...began, at: seconds * 1000 })

test('counts each trial once, running ones in part, and failed ones as done', () => {
  const tracker = createPhaseTracker(PHASES.search, { trials: 8 }, began)
  tracker.score('a', 0.3, 'new')
  tracker.score('a', 0.3, 'new')
  tracker.score('b', null, 'new')
  tracker.run('job-1', { trial: 'c', step: 0, steps: 10, loss: 1 })
  tracker.run('job-1', { trial: 'c', step: 5, steps: 10, loss: 1 })
  const progress = tracker.progress(after(60))
  expect(progress.trials).toEqual({ done: 2, failed: 1, total: 8 })
  expect(progress.fraction).toBeCloseTo(2.5 / 8)
  expect(progress.left).toBeCloseTo((60 * 5.5) / 2.5)
  expect(progress).toMatchObject({ best: 0.3, rate: 2 })
})

test('what an earlier session has done counts as done, not for the rate', () => {
  const tracker = createPhaseTracker(PHASES.search, { trials: 8 }, began)
  for (const trial of 'abcd') tracker.score(trial, 0.1, 'known')
  expect(tracker.progress(after(60))).toMatchObject({ fraction: 0.5, left: undefined, rate: undefined })
  tracker.score('e', 0.1, 'new')
  expect(tracker.progress(after(60))).toMatchObject({ left: 180, rate: 1 })
})

test('a trial that goes on from a checkpoint counts for the rate from there', () => {
  const tracker = createPhaseTracker(PHASES.fullTraining, {}, began)
  tracker.expect(1)
  tracker.run('job-1', { trial: 'a', step: 50, steps: 100, loss: 1 })
  tracker.run('job-1', { trial: 'a', step: 75, steps: 100, loss: 1 })
  expect(tracker.progress(after(30))).toMatchObject({ fraction: 0.75, left: 30 })
})

test('the end of a single job is foretold by its steps since it was first seen at work, not by its start', () => {
  const tracker = createPhaseTracker(PHASES.pretraining, {}, began)
  const step = (step: number) => tracker.run('job-1', { trial: 'a', step, steps: 200, loss: 1 })
  expect(tracker.progress(after(5))).toMatchObject({ fraction: 0, left: undefined })
  step(10)
  expect(tracker.progress(after(10))).toMatchObject({ fraction: 0.05, left: undefined })
  step(50)
  expect(tracker.progress(after(20))).toMatchObject({ fraction: 0.25, left: 37.5 })
})

test('a job that goes to its next trial names the one before, and a trial with a result does not run', () => {
  const tracker = createPhaseTracker(PHASES.search, { trials: 8 }, began)
  const at = (trial: string) => ({ trial, step: 1, steps: 2, loss: null })
  expect(tracker.run('job-1', at('a'))).toBeUndefined()
  expect(tracker.run('job-1', at('a'))).toBeUndefined()
  expect(tracker.run('job-2', at('b'))).toBeUndefined()
  expect(tracker.run('job-1', at('c'))).toBe('a')
  expect(
    tracker
      .progress(after(1))
      .running.map(({ trial }) => trial)
      .sort(),
  ).toEqual(['b', 'c'])
  tracker.score('c', 0.5, 'new')
  expect(tracker.progress(after(1)).running.map(({ trial }) => trial)).toEqual(['b'])
})

test('a search without a number of trials is measured by what it spends', () => {
  const tracker = createPhaseTracker(PHASES.search, { usd: 10 }, { ...began, usd: 2 })
  expect(tracker.progress({ ...after(60), usd: 6 })).toMatchObject({
    fraction: 0.6,
    left: 60,
    trials: { total: undefined },
  })
})
