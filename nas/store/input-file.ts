import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { decodeText } from '../decode-text.ts'
import { type ErrorCode, TrellisError } from '../errors.ts'

/** A kind of files that a user names. */
export interface InputKind {
  /** E.g. `configuration`, for errors. */
  readonly what: string
  /** Bytes: far more than such a file has, and few enough to be read at once. */
  readonly limit: number
  readonly code: ErrorCode
  /** What to do where it cannot be read. */
  readonly fix: string
}

export const MEGABYTE = 2 ** 20

/**
 * All bytes of a file that a user names, or of a pipe, such as /dev/stdin. The size is looked at before anything is read, and
 * again while it is: a pipe has none, and a file may grow.
 * @throws TrellisError of the kind's code for what is neither, too large, or cannot be read
 */
export function readInput(path: string, kind: InputKind): Uint8Array {
  try {
    // Opening some devices is an act of its own.
    checkFile(path, statSync(path), kind)
    // A pipe is opened at once, whether anybody writes to it or not.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(file)
      checkFile(path, stats, kind)
      return readAll(file, path, stats, kind)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    if (cause instanceof TrellisError) throw cause
    const errno = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw refused(`cannot read ${path}: ${errno}`, { ...kind, fix: FIXES[errno] ?? kind.fix }, cause)
  }
}

/** Likewise, as text: see `decodeText`. */
export const readInputText = (path: string, kind: InputKind): string =>
  decodeText(readInput(path, kind), path, kind.code)

const FIXES: Readonly<Record<string, string>> = {
  EACCES: 'give this user the right to read it',
  EMFILE: 'let this process open more files: ulimit -n 1024',
}

function checkFile(path: string, stats: Stats, kind: InputKind): void {
  if (!stats.isFile() && !stats.isFIFO()) throw refused(`${path} is ${wordFor(stats)}, not a file`, kind)
  if (stats.size > kind.limit) throw tooLarge(path, kind)
}

function wordFor(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder'
  return stats.isSocket() ? 'a socket' : 'a device'
}

const CHUNK = 65_536

function readAll(file: number, path: string, stats: Stats, kind: InputKind): Uint8Array {
  const wait = stats.isFIFO() ? patience(path, kind) : () => false
  let bytes = new Uint8Array(Math.max(CHUNK, stats.size + 1))
  let length = 0
  for (;;) {
    if (length === bytes.length) {
      const larger = new Uint8Array(2 * length)
      larger.set(bytes)
      bytes = larger
    }
    const read = readSome(file, bytes.subarray(length))
    if (read === 0 && (length > 0 || !wait('writer'))) return bytes.subarray(0, length)
    if (read === undefined) wait('data')
    length += read ?? 0
    if (length > kind.limit) throw tooLarge(path, kind)
  }
}

/** Undefined where a pipe has nothing yet. */
function readSome(file: number, into: Uint8Array): number | undefined {
  try {
    return readSync(file, into)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}

const PAUSE_MS = 10
const PAUSES = { writer: 300, data: 6000 } as const

/** Waits three seconds in all for somebody to write to a pipe, and a minute for what they write. */
function patience(path: string, kind: InputKind) {
  const left: Record<keyof typeof PAUSES, number> = { ...PAUSES }
  const never = new Int32Array(new SharedArrayBuffer(4))
  return (what: keyof typeof PAUSES): true => {
    if (left[what]-- === 0) throw refused(`nobody writes anything to the pipe ${path}`, kind)
    Atomics.wait(never, 0, 0, PAUSE_MS)
    return true
  }
}

const tooLarge = (path: string, kind: InputKind): TrellisError =>
  refused(
    `${path} has more than ${kind.limit.toLocaleString('en-US')} bytes, too many for a ${kind.what}`,
    kind,
  )

const refused = (message: string, { code, fix }: InputKind, cause?: unknown): TrellisError =>
  new TrellisError(code, message, { fix, cause })
