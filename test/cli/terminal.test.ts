import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createTerminal } from '../../cli/terminal.ts'

/** A terminal on a stream that is a TTY or not, with a clock that is set by hand. */
function terminalOn(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 })
  const clock = { ms: 1_000_000 }
  const terminal = createTerminal(stream as unknown as NodeJS.WriteStream, () => clock.ms)
  return { terminal, clock, written: () => String(stream.read() ?? '') }
}

const view = (line: string) => ({ line, block: [line, 'more'] })

test('without a TTY there is a line every ten seconds, and no control characters', () => {
  const { terminal, clock, written } = terminalOn(false)
  for (let second = 0; second <= 25; second++) {
    terminal.show(view(`second ${second}`))
    clock.ms += 1000
  }
  terminal.close()
  expect(written()).toBe('second 10\nsecond 20\n')
})

test('a note is always written, and counts as a line', () => {
  const { terminal, clock, written } = terminalOn(false)
  clock.ms += 9000
  terminal.note('stopping')
  clock.ms += 9000
  terminal.show(view('too early'))
  expect(written()).toBe('stopping\n')
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
