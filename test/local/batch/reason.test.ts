import { expect, test } from 'vitest'
import { reasonFor } from '../../../local/batch/reason.ts'

test('a process that went well has no reason to give, whatever it wrote', () => {
  expect(reasonFor(0, null, 'a warning\n')).toBe('')
})

test('a silent end is told by its signal or code', () => {
  expect(reasonFor(null, 'SIGSEGV', '')).toBe('killed by SIGSEGV')
  expect(reasonFor(139, null, '\n \n')).toBe('exit code 139')
})

test('an uncaught error is told by its message, not by its stack, its fields or the version of Node', () => {
  const stderr = [
    '/work/job.js:10',
    "    throw new TypeError('no such thing')",
    '    ^',
    '',
    'TypeError: no such thing',
    '    at main (/work/job.js:10:11) {',
    "  code: 'ERR'",
    '}',
    '',
    'Node.js v20.20.2',
    '',
  ].join('\n')
  expect(reasonFor(1, null, stderr)).toBe('TypeError: no such thing (exit code 1)')
})
