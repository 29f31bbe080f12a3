/*
 * A model is a protocol buffer: fields, in any order, each with a tag, which holds its number and how its length is told. Only the
 * outermost fields are told apart here: no tensor is decoded.
 */

/** Numbers of fields of a model. */
export const GRAPH = 7
export const METADATA = 14

interface Field {
  readonly number: number
  /** Of a text or a message; of a number, nothing. */
  readonly contents: Uint8Array
  /** Behind its contents. */
  readonly end: number
}

/** The outermost fields, up to the first that is none: of a whole model, the last ends where the model ends. */
export function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at)
    if (tag === undefined) break
    const length = varint(bytes, tag.end)
    const kind = tag.value & 7
    if (length === undefined || (kind !== 0 && kind !== 2)) break
    const end = kind === 0 ? length.end : length.end + length.value
    if (end > bytes.length) break
    fields.push({ number: tag.value >> 3, contents: bytes.subarray(length.end, end), end })
    at = end
  }
  return fields
}

/** A field that is a text or a message. */
export const fieldOf = (number: number, contents: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.from([(number << 3) | 2, ...varintOf(contents.length)]), contents])

const varintOf = (value: number): readonly number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varintOf(value >>> 7)]

/** A number in groups of seven bits, the lowest first; undefined where it is cut. */
function varint(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0
  for (let i = 0; at + i < bytes.length && i < 10; i++) {
    const byte = bytes[at + i]!
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, end: at + i + 1 }
  }
  return undefined
}
