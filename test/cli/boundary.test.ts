import { expect, test } from 'vitest'
import { exitReportOf } from '../../cli/boundary.ts'
import { Halted } from '../../cli/halted.ts'
import { Interrupted } from '../../cli/interrupted.ts'
import { TrellisError } from '../../nas/errors.ts'

test('bad input is one line and what to do about it, whatever the message holds', () => {
  const error = new TrellisError('invalid-dataset', 'a.png is\n  broken', { fix: 'replace it' })
  expect(exitReportOf(error, false)).toEqual({
    status: 2,
    lines: ['trellis: a.png is broken', '  fix: replace it'],
  })
})

test('a run that failed is told from input that was bad', () => {
  expect(exitReportOf(new TrellisError('job-failed', 'run a failed: x'), false)).toEqual({
    status: 1,
    lines: ['trellis: run a failed: x'],
  })
})

test('an interruption says how to go on', () => {
  expect(exitReportOf(new Interrupted('resume a --store s'), false)).toEqual({
    status: 130,
    lines: ['interrupted; continue with: trellis resume a --store s'],
  })
})

test('anything else is a defect, whose stack is shown on request only', () => {
  const thrown = new RangeError('index 7')
  const { status, lines } = exitReportOf(thrown, false)
  expect(status).toBe(70)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^trellis: index 7 .*defect of Trellis/)
  expect(exitReportOf(thrown, true).lines.join('\n')).toContain('boundary.test.ts')
  expect(exitReportOf('a string', false).status).toBe(70)
})

test('a store that fails in the middle of a run is told from bad input, with how to go on', () => {
  const failure = new TrellisError('store-failed', 'cannot write x: ENOSPC', { fix: 'free some space' })
  expect(exitReportOf(new Halted(failure, 'resume a', failure), false)).toEqual({
    status: 3,
    lines: ['trellis: cannot write x: ENOSPC', '  fix: free some space; then go on with: trellis resume a'],
  })
})

test('what the system refuses is no defect', () => {
  const thrown = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE', errno: -24 })
  expect(exitReportOf(thrown, false)).toEqual({
    status: 2,
    lines: ['trellis: EMFILE: too many open files', '  fix: let a process open more files: ulimit -n 1024'],
  })
})

test('names of files do nothing to a terminal', () => {
  const error = new TrellisError('invalid-dataset', 'no mask: \x1b[31mx\x07.png', { fix: 'rename \x9b1m' })
  expect(exitReportOf(error, false).lines).toEqual([
    String.raw`trellis: no mask: \x1b[31mx\x07.png`,
    String.raw`  fix: rename \x9b1m`,
  ])
})
