import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type InputKind, readInput, readInputText } from '../../../nas/store/input-file.ts'

const kind: InputKind = { what: 'note', limit: 100_000, code: 'invalid-config', fix: 'name a note' }

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-input-'))
  path = join(folder, 'input')
})
afterEach(() => rmSync(folder, { recursive: true }))

const refused = (message: string) =>
  expect.objectContaining({ code: kind.code, message: expect.stringContaining(message) })

test.each([0, 5, 65_536, 100_000])('a file of %i bytes is read whole', (length) => {
  writeFileSync(path, Buffer.alloc(length, 'x'))
  expect(Buffer.from(readInput(path, kind)).equals(Buffer.alloc(length, 'x'))).toBe(true)
})

test('so is one whose size the system does not know', () => {
  expect(readInputText('/proc/self/status', kind)).toMatch(/^Name:/)
})

describe('it is refused', () => {
  test('where it is too large, before it is read', () => {
    writeFileSync(path, '')
    truncateSync(path, 10 * 2 ** 40)
    expect(() => readInput(path, kind)).toThrow(
      refused(`${path} has more than 100,000 bytes, too many for a note`),
    )
  })

  test('as a device', () => {
    symlinkSync('/dev/zero', path)
    expect(() => readInput(path, kind)).toThrow(refused('is a device, not a file'))
  })

  test('as a folder', () => {
    mkdirSync(path)
    expect(() => readInput(path, kind)).toThrow(refused('is a folder, not a file'))
  })

  test('as a socket', async () => {
    const server = createServer().listen(path)
    await new Promise((resolve) => server.on('listening', resolve))
    expect(() => readInput(path, kind)).toThrow(refused('is a socket, not a file'))
    server.close()
  })

  test('where it is not there', () => {
    expect(() => readInput(path, kind)).toThrow(refused(`cannot read ${path}: ENOENT`))
  })
})

describe('a pipe', () => {
  beforeEach(() => {
    execFileSync('mkfifo', [path])
  })

  test('is read to its end, as slowly as it is written', () => {
    execFile('sh', ['-c', '(printf one; sleep 0.3; printf two) > "$0"', path])
    expect(readInputText(path, kind)).toBe('onetwo')
  })

  test('that goes on for ever is given up at the limit', () => {
    execFile('sh', ['-c', 'cat /dev/zero > "$0"', path])
    expect(() => readInput(path, kind)).toThrow(refused('has more than 100,000 bytes'))
  })

  test('to which nobody writes is given up', () => {
    expect(() => readInput(path, kind)).toThrow(refused('nobody writes anything to the pipe'))
  })
})
