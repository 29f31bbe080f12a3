import { decodeText } from '../decode-text.ts'
import { TrellisError } from '../errors.ts'

/**
 * The lines of a text file that are not blank, trimmed.
 * @param where the file, for errors
 * @throws TrellisError `invalid-dataset` for bytes of another encoding, and for control characters
 */
export function linesOf(bytes: Uint8Array, where: string): string[] {
  const lines = decodeText(bytes, where, 'invalid-dataset')
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
