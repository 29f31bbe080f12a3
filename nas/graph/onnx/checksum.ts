import { BLANK, DIGITS, isSealed, seal } from '../../checksum.ts'

/*
 * A model is a protocol buffer: fields, in any order, each with a tag, which holds its number and how its length is told. The
 * checksum of a model is an entry of its metadata, over all its bytes with zeros for its own digits. It is among the first, so
 * that a model that is cut still has it. Only the outermost fields are told apart to verify it: no tensor is decoded.
 */

const GRAPH = 7
const METADATA = 14

/** A StringEntry that is a checksum, up to its digits: fields 1 and 2, `sha256` and a text of 64 bytes. */
const ENTRY = Uint8Array.of(0x0a, 6, ...new TextEncoder().encode('sha256'), 0x12, DIGITS)
const FIELD = Uint8Array.of((METADATA << 3) | 2, ENTRY.length + DIGITS, ...ENTRY)

/** A model with its checksum among its metadata. */
export function withChecksum(model: Uint8Array): Uint8Array {
  // Behind the version of the format: programs tell a model by its first bytes.
  const [version] = fieldsOf(model)
  const at = version?.end ?? 0
  const bytes = new Uint8Array(model.length + FIELD.length + DIGITS)
  bytes.set(model.subarray(0, at))
  bytes.set(FIELD, at)
  bytes.set(new TextEncoder().encode(BLANK), at + FIELD.length)
  bytes.set(model.subarray(at), at + FIELD.length + DIGITS)
  seal(bytes, at + FIELD.length)
  return bytes
}

/** What is wrong with the bytes of a model, in words; undefined for a sound one. Older versions wrote no checksum. */
export function flawOfModel(bytes: Uint8Array): string | undefined {
  const fields = fieldsOf(bytes)
  if (fields.at(-1)?.end !== bytes.length || !fields.some(({ number }) => number === GRAPH))
    return 'is not a whole ONNX model'
  const at = fields[0]!.end
  const changed = FIELD.filter((byte, i) => bytes[at + i] !== byte).length
  if (changed > MOST_CHANGED) return undefined
  return changed === 0 && isSealed(bytes, at + FIELD.length)
    ? undefined
    : 'does not have the checksum that it says'
}

/** What resembles the field so much is the field, damaged itself: whatever else stands there shares a byte or two with it. */
const MOST_CHANGED = FIELD.length / 2

interface Field {
  readonly number: number
  /** Of its contents. */
  readonly start: number
  readonly end: number
}

/** The outermost fields, up to the first that is none: of a whole model, the last ends where the model ends. */
function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at)
    if (tag === undefined) break
    const length = varint(bytes, tag.end)
    const kind = tag.value & 7
    if (length === undefined || (kind !== 0 && kind !== 2)) break
    const end = kind === 0 ? length.end : length.end + length.value
    if (end > bytes.length) break
    fields.push({ number: tag.value >> 3, start: length.end, end })
    at = end
  }
  return fields
}

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
