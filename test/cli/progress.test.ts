import { expect, test } from 'vitest'
import { PHASES } from '../../cli/pipelines/dpc/phases.ts'
import { bar, type Progress, viewOf } from '../../cli/progress.ts'

const progress: Progress = {
  phase: PHASES.search,
  fraction: 0.25,
  trials: { done: 6, failed: 1, total: 24 },
  best: 0.4123,
  rate: 3.21,
  elapsed: 125,
  left: 336,
  usd: { spent: 0.41, left: 4.59 },
  running: [{ trial: '3f2a91c0aaaabbbb', step: 7, steps: 120, loss: 0.6123 }],
}

test('a line tells phase, trials, rate, best score, time and money', () => {
  expect(viewOf(progress).line).toBe(
    'search: 25 %, 6/24 trials, 1 failed, 3.2 a minute, about 5 min 36 s left, best 41.23 % mIoU, baselines included, 2 min 5 s so far, $0.41 spent, $4.59 left',
  )
})

test('a block tells the same, and where each job is', () => {
  expect(viewOf(progress).block).toEqual([
    [
      `search        ${bar(0.25)}`,
      '25 %',
      '6/24 trials',
      '1 failed',
      '3.2 a minute',
      'about 5 min 36 s left',
    ],
    ['  3f2a91c0  ', 'step   7/120', 'loss 0.612'],
    ['best 41.23 % mIoU, baselines included', '2 min 5 s so far', '$0.41 spent, $4.59 left'],
  ])
})

test('what is not known is left out', () => {
  const unknown: Progress = {
    ...progress,
    phase: PHASES.pretraining,
    fraction: undefined,
    best: undefined,
    rate: undefined,
    left: undefined,
    usd: { spent: 0, left: undefined },
    running: [{ ...progress.running[0]!, loss: null }],
  }
  expect(viewOf(unknown)).toEqual({
    block: [[`pretraining   ${bar(0)}`], ['  3f2a91c0  ', 'step   7/120'], ['2 min 5 s so far']],
    line: 'pretraining: 2 min 5 s so far',
  })
})

test('a bar is always as long', () => {
  for (const fraction of [-1, 0, 0.01, 0.5, 0.99, 1, 2]) expect(bar(fraction)).toHaveLength(24)
  expect(bar(1)).not.toContain('╌')
})

test('after the last step a network is evaluated: nothing is at 100 %, and no time is left of nothing', () => {
  const trained = { ...progress.running[0]!, step: 120 }
  const ending = { ...progress, fraction: 1, left: 0, running: [trained] }
  expect(viewOf(ending).line).toMatch(/^search: 99 %, 6\/24 trials, 1 failed, 3.2 a minute, evaluating, best/)
  expect(viewOf(ending).block[1]).toEqual(['  3f2a91c0  ', 'trained, evaluating'])
  expect(viewOf({ ...ending, phase: PHASES.pretraining }).line).toMatch(/99 %, finishing/)
  expect(viewOf({ ...ending, running: [trained, progress.running[0]!] }).line).toMatch(/finishing/)
})
