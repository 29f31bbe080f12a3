import { TrellisError } from '../errors.ts'

const BYTE_ORDER_MARKS = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const

/**
 * The lines of a text file that are not blank, trimmed. It is UTF-8, or what its byte order mark says: PowerShell writes UTF-16.
 * @param where the file, for errors
 * @throws TrellisError `invalid-dataset` for bytes of another encoding, and for control characters
 */
export function linesOf(bytes: Uint8Array, where: string): string[] {
  const lines = decode(bytes, where)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
  const wrong = lines.findIndex((line) => CONTROL.test(line))
  if (wrong === -1) return lines.filter((line) => line !== '')
  const code = CONTROL.exec(lines[wrong]!)![0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  throw new TrellisError(
    'invalid-dataset',
    `${where} has a control character, U+${code}, in line ${wrong + 1}`,
    { fix: 'save it as plain text in UTF-8, a name a line and nothing else' },
  )
}

const CONTROL = /\p{Cc}/u

function decode(bytes: Uint8Array, where: string): string {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte))
  const encoding = marked?.[0] ?? 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new TrellisError('invalid-dataset', `${where} is not text in ${encoding.toUpperCase()}`, {
      fix: 'save it as UTF-8; of Latin-1, as older programs write it: iconv -f latin1 -t utf-8',
      cause,
    })
  }
}
