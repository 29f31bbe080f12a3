import { BLANK, DIGITS, isSealed, seal } from '../../checksum.ts'
import { fieldsOf, GRAPH, METADATA } from './fields.ts'

/*
 * The checksum of a model is an entry of its metadata, over all its bytes with zeros for its own digits. It is among the first, so
 * that a model that is cut still has it.
 */

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

/** A model without its checksum, to be changed. */
export function withoutChecksum(model: Uint8Array): Uint8Array {
  const at = fieldsOf(model)[0]?.end ?? 0
  if (FIELD.some((byte, i) => model[at + i] !== byte)) return model
  const bytes = new Uint8Array(model.length - FIELD.length - DIGITS)
  bytes.set(model.subarray(0, at))
  bytes.set(model.subarray(at + FIELD.length + DIGITS), at)
  return bytes
}
