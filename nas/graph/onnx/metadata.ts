import { withChecksum, withoutChecksum } from './checksum.ts'
import { fieldOf, fieldsOf, METADATA } from './fields.ts'

/*
 * The metadata of a model: texts by name, each a StringEntry, a message of fields 1 and 2. They are read and added without
 * decoding tensors, and without protobufjs: functions do so, and start with what they load.
 */

type Metadata = Readonly<Record<string, string>>

/** What a model says of itself, but for its checksum. */
export function metadataOf(model: Uint8Array): Metadata {
  const entries = fieldsOf(model).filter(({ number }) => number === METADATA)
  const { sha256, ...rest } = Object.fromEntries(
    entries.map(({ contents }) => fieldsOf(contents).map((text) => new TextDecoder().decode(text.contents))),
  )
  return rest
}

/** A model that says more of itself, with a checksum of all of it. */
export function withMetadata(model: Uint8Array, more: Metadata): Uint8Array {
  const text = new TextEncoder()
  const entries = Object.entries(more).map(([key, value]) =>
    fieldOf(METADATA, Buffer.concat([fieldOf(1, text.encode(key)), fieldOf(2, text.encode(value))])),
  )
  return withChecksum(Buffer.concat([withoutChecksum(model), ...entries]))
}
