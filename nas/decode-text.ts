import { type ErrorCode, TrellisError } from './errors.ts'

const BYTE_ORDER_MARKS = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const

/**
 * The text of a file that a user has written. It is UTF-8, or what its byte order mark says: PowerShell writes UTF-16.
 * @param where the file, for errors @throws TrellisError of that code for bytes of another encoding, or of no text
 */
export function decodeText(bytes: Uint8Array, where: string, code: ErrorCode): string {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte))
  const encoding = marked?.[0] ?? 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    // No text in an encoding of one byte a character has zeros.
    const isBinary = marked === undefined && bytes.includes(0)
    throw new TrellisError(
      code,
      `${where} is ${isBinary ? 'no text' : `not text in ${encoding.toUpperCase()}`}`,
      {
        fix: isBinary
          ? 'name a text file in UTF-8'
          : 'save it as UTF-8; of Latin-1, as older programs write it: iconv -f latin1 -t utf-8',
        cause,
      },
    )
  }
}
