import { describe, expect, test } from 'vitest'
import { datasetConfig } from '../../../nas/data/config.ts'
import { openDataset } from '../../../nas/data/open.ts'
import { linesOf } from '../../../nas/data/text.ts'
import { type Files, mask, memory, picture } from './memory.ts'

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

const utf16le = (text: string) => Buffer.from(text, 'utf16le')

const files = (classes: Uint8Array): Files => ({
  'classes.txt': classes,
  ...Object.fromEntries(
    ['train', 'val'].flatMap((split) => [
      [`images/${split}/a.png`, picture(1, 3)],
      [`annotations/${split}/a.png`, mask([[0, 1, 2]])],
    ]),
  ),
})

const open = (classes: Uint8Array) =>
  openDataset(
    datasetConfig.parse({ kind: 'folders', path: 'data', classes: 'classes.txt' }),
    memory(files(classes), 'data'),
  )

const LINES = 'sky\r\nStraße\r\n\r\ncar\r\n'

describe('a class file is read', () => {
  test.each([
    ['UTF-8', bytes(LINES)],
    ['UTF-8 with a byte order mark', bytes([0xef, 0xbb, 0xbf], LINES)],
    ['UTF-16, as PowerShell writes it', bytes([0xff, 0xfe], [...utf16le(LINES)])],
    ['UTF-16 of the other byte order', bytes([0xfe, 0xff], [...utf16le(LINES).swap16()])],
    ['lines that end as on old Macs', bytes(LINES.replaceAll('\r\n', '\r'))],
  ])('in %s', async (_, content) => {
    expect((await open(content)).classes).toEqual(['sky', 'Straße', 'car'])
  })
})

describe('a class file is refused', () => {
  test.each([
    ['in Latin-1', Buffer.from('sky\nStraße\ncar', 'latin1'), 'data/classes.txt is not text in UTF-8'],
    ['in half of UTF-16', bytes([0xff, 0xfe, 0x61]), 'data/classes.txt is not text in UTF-16LE'],
    [
      'in UTF-16 without its mark',
      utf16le('sky\nroad\ncar'),
      'data/classes.txt has a control character, U+0000, in line 1',
    ],
    [
      'with columns',
      bytes('0 sky\n1\troad\n2\tcar'),
      'data/classes.txt has a control character, U+0009, in line 2',
    ],
    ['with a class twice', bytes('sky\nroad\nsky\n'), 'data/classes.txt names "sky" twice'],
    ['with a line that is no name', bytes(`sky\n${'x'.repeat(201)}\ncar`), 'has a line of 201 characters'],
    ['without lines', bytes('\n \n'), 'data/classes.txt names 0 classes'],
  ])('%s', async (_, content, message) => {
    await expect(open(content)).rejects.toMatchObject({
      code: 'invalid-dataset',
      message: expect.stringContaining(message),
      fix: expect.stringMatching(/UTF-8|one a line/),
    })
  })
})

test('lists of images are read likewise', async () => {
  const list = bytes([0xff, 0xfe], [...utf16le('2007_000032\r\n')])
  expect(linesOf(list, 'train.txt')).toEqual(['2007_000032'])
})
