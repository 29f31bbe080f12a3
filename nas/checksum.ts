import { createHash } from 'node:crypto'

export const sha256 = (...parts: readonly (Uint8Array | string)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** Hex digits of a checksum. */
export const DIGITS = 64

/** What stands in the place of a checksum while it is computed. */
export const BLANK = '0'.repeat(DIGITS)

/** The checksum of bytes that hold it themselves, from an offset on: of all of them, with zeros for its own digits. */
const checksumOf = (bytes: Uint8Array, at: number): string =>
  sha256(bytes.subarray(0, at), BLANK, bytes.subarray(at + DIGITS))

/** Writes the checksum of the bytes into them. */
export function seal(bytes: Uint8Array, at: number): void {
  bytes.set(new TextEncoder().encode(checksumOf(bytes, at)), at)
}

/** Whether the bytes are those whose checksum they hold. */
export const isSealed = (bytes: Uint8Array, at: number): boolean =>
  new TextDecoder('latin1').decode(bytes.subarray(at, at + DIGITS)) === checksumOf(bytes, at)
