import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createTerminal, fitted } from '../../cli/terminal.ts'

/** A terminal on a stream that is a TTY or not, with a clock that is set by hand. */
function terminalOn(isTTY: boolean, columns = 80) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns, rows: 24 })
  const clock = { ms: 1_000_000 }
  const terminal = createTerminal(stream as unknown as NodeJS.WriteStream, () => clock.ms)
  return { terminal, clock, written: () => String(stream.read() ?? '') }
}

const view = (line: string) => ({ line, block: [[line], ['more']] })

test('without a TTY there is a line every ten seconds, with the time and without control characters', () => {
  const { terminal, clock, written } = terminalOn(false)
  for (let second = 0; second <= 25; second++) {
    terminal.show(view(`second ${second}`))
    clock.ms += 1000
  }
  terminal.close()
  expect(written()).toMatch(/^\d\d:\d\d:\d\d second 10\n\d\d:\d\d:\d\d second 20\n$/)
})

test('a note is always written, and counts as a line', () => {
  const { terminal, clock, written } = terminalOn(false)
  clock.ms += 9000
  terminal.note('stopping')
  clock.ms += 9000
  terminal.show(view('too early'))
  expect(written()).toMatch(/^\d\d:\d\d:\d\d stopping\n$/)
})

test('on a TTY a block takes the place of the one before', () => {
  const { terminal, clock, written } = terminalOn(true)
  terminal.show(view('first'))
  expect(written()).toContain('first\nmore')
  clock.ms += 10
  terminal.show(view('too soon'))
  clock.ms += 100
  terminal.show(view('second'))
  const redrawn = written()
  expect(redrawn).toContain('second')
  expect(redrawn).not.toContain('too soon')
  expect(redrawn).toContain('\u001b[')
})

test.each([80, 40, 20])('on a TTY of %i columns no line reaches the last one', (columns) => {
  const { terminal, written } = terminalOn(true, columns)
  const parts = ['search        ━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌', '25 %', '6/24 trials', 'about 5 min 36 s left']
  terminal.show({ line: '', block: [parts, ['best 41.23 % mIoU', '2 min 5 s so far']] })
  const lines = stripVTControlCharacters(written()).split('\n')
  for (const line of lines) expect(line.trimEnd().length).toBeLessThan(columns)
})

test('parts that do not fit follow on a line of their own, and one that never would is cut', () => {
  expect(fitted(['one', 'two', 'three'], 80)).toEqual(['one  two  three'])
  expect(fitted(['one', 'two', 'three'], 10)).toEqual(['one  two', '  three'])
  expect(fitted(['one', 'seventeen'], 6)).toEqual(['one', '  sev…'])
})
