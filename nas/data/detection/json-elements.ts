import { TrellisError } from '../../errors.ts'

/*
 * Files of annotations have up to gigabytes, more than fits a string of V8, and most of it is outlines that nobody reads here. So
 * their arrays are read element by element.
 */

const [SPACE, QUOTE, COMMA, COLON, BACKSLASH] = [0x20, 0x22, 0x2c, 0x3a, 0x5c]
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/**
 * The elements of a JSON array: of the file itself, or of a member of its one object.
 * @param where the file, for errors
 * @throws TrellisError `invalid-dataset` for what is no JSON, ends too soon, or has no such array
 */
export function* elementsOf(bytes: Uint8Array, where: string, member?: string): Generator<unknown> {
  const from = BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte) ? BYTE_ORDER_MARK.length : 0
  const start = skipSpace(bytes, from)
  const at = member === undefined ? start : memberOf(bytes, start, member, where)
  if (at === undefined || bytes[at] !== OPEN_ARRAY) {
    throw new TrellisError('invalid-dataset', `${where} has no array${member ? ` \`${member}\`` : ''}`, {
      fix: 'check that it is the file that `kind` of the dataset names, and whole',
    })
  }
  for (const { start, end } of valuesIn(bytes, at, CLOSE_ARRAY, where)) yield parse(bytes, start, end, where)
}

interface Slice {
  readonly start: number
  readonly end: number
}

/** Where the value of a member begins. */
function memberOf(bytes: Uint8Array, at: number, name: string, where: string): number | undefined {
  if (bytes[at] !== OPEN_OBJECT) return undefined
  for (const { start, end } of valuesIn(bytes, at, CLOSE_OBJECT, where)) {
    const colon = skipSpace(bytes, end)
    if (bytes[start] !== QUOTE || bytes[colon] !== COLON) throw broken(where, start)
    if (parse(bytes, start, end, where) === name) return skipSpace(bytes, colon + 1)
  }
  return undefined
}

/** The values of an array, or the members of an object. @param at its bracket */
function* valuesIn(bytes: Uint8Array, at: number, close: number, where: string): Generator<Slice> {
  let start = skipSpace(bytes, at + 1)
  if (bytes[start] === close) return
  while (true) {
    let end = endOf(bytes, start, where)
    yield { start, end }
    end = skipSpace(bytes, end)
    if (bytes[end] === COLON) end = skipSpace(bytes, endOf(bytes, skipSpace(bytes, end + 1), where))
    if (bytes[end] === close) return
    if (bytes[end] !== COMMA) throw broken(where, end)
    start = skipSpace(bytes, end + 1)
  }
}

/** Where a value ends. */
function endOf(bytes: Uint8Array, start: number, where: string): number {
  let depth = 0
  let at = start
  while (at < bytes.length) {
    const byte = bytes[at]!
    if (byte === QUOTE) at = endOfText(bytes, at, where)
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--
    // A number or a word ends where something else begins.
    if (depth < 0 || (depth === 0 && isMark(byte))) return at
    at++
    if (depth === 0 && (byte === QUOTE || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT)) return at
  }
  throw broken(where, at)
}

const isMark = (byte: number): boolean => byte <= SPACE || byte === COMMA || byte === COLON

/** The closing quote. */
function endOfText(bytes: Uint8Array, start: number, where: string): number {
  let at = start
  while (true) {
    at = bytes.indexOf(QUOTE, at + 1)
    if (at === -1) throw broken(where, bytes.length)
    let escapes = 0
    while (bytes[at - 1 - escapes] === BACKSLASH) escapes++
    if (escapes % 2 === 0) return at
  }
}

function skipSpace(bytes: Uint8Array, at: number): number {
  let next = at
  while (next < bytes.length && bytes[next]! <= SPACE) next++
  return next
}

function parse(bytes: Uint8Array, start: number, end: number, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end)))
  } catch (cause) {
    throw broken(where, start, cause)
  }
}

const broken = (where: string, at: number, cause?: unknown) =>
  new TrellisError('invalid-dataset', `${where} is no JSON, or ends too soon: see byte ${at}`, {
    fix: 'copy or download the file again',
    cause,
  })
