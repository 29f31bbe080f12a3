import { z } from 'zod'
import { BLANK, DIGITS, isSealed, seal } from '../checksum.ts'
import { TrellisError } from '../errors.ts'
import { type DType, showShape, sizeOf, type Tensor, type Tensors } from '../tensor.ts'
import { WORDS } from '../words.ts'
import { bfloat16ToFloat32, float16ToFloat32 } from './half-precision.ts'

/*
 * The safetensors format (huggingface/safetensors): 8 bytes little-endian length of the header, a JSON header
 * {name: {dtype, shape, data_offsets: [begin, end]}, __metadata__: {text: text}}, then the numbers without gaps. The metadata
 * of what Trellis writes say `sha256`: the checksum of the whole file, with zeros for its own digits.
 */

interface Safetensors {
  readonly tensors: Tensors
  readonly metadata: Readonly<Record<string, string>>
}

const WRITTEN: Readonly<Record<DType, string>> = { float32: 'F32', int32: 'I32' }

/** Tensors are in the order of their names, so equal contents are equal bytes. */
export function encodeSafetensors(
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const names = Object.keys(tensors).sort()
  const header: Record<string, unknown> = { __metadata__: { sha256: BLANK, ...metadata } }
  let end = 0
  for (const name of names) {
    const { dtype, shape, data } = tensors[name]!
    header[name] = { dtype: WRITTEN[dtype], shape, data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const start = 8 + Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true)
  bytes.set(json, 8)
  let offset = start
  for (const name of names) {
    const { data } = tensors[name]!
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset)
    offset += data.byteLength
  }
  seal(bytes, 8 + checksumIn(json, BLANK))
  return bytes
}

/** Where the digits of the checksum are in a header. */
const checksumIn = (header: Uint8Array, digits: string): number => {
  const name = '"sha256":"'
  return Buffer.from(header.buffer, header.byteOffset, header.length).indexOf(name + digits) + name.length
}

/** What the format allows. */
const MOST_HEADER_BYTES = 100_000_000

const count = z.int().nonnegative()
const READ = ['F32', 'I32', 'I64', 'F16', 'BF16'] as const
const entrySchema = z.strictObject({
  dtype: z.enum(READ),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
})
const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()).default({}) })
  .catchall(entrySchema)

type StoredDType = z.infer<typeof entrySchema>['dtype']
const WIDTH: Readonly<Record<StoredDType, number>> = { F32: 4, I32: 4, I64: 8, F16: 2, BF16: 2 }

/**
 * Reads a safetensors file. F32 and I32 are views of `bytes` where these are aligned to 4; F16 and BF16 become float32,
 * I64 becomes int32.
 *
 * @param name of the file, for errors
 * @throws `invalid-checkpoint` for a file that is truncated, corrupt, or of other data types, or not of the checksum that it says
 */
export function decodeSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const invalid = (what: string, cause?: unknown): never => {
    throw new TrellisError('invalid-checkpoint', `${name} is not a whole safetensors file: ${what}`, {
      fix: 'copy or make that file again',
      cause,
    })
  }
  if (bytes.length < 8) invalid(`expected at least 8 bytes, found ${bytes.length}`)
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (headerLength > MOST_HEADER_BYTES)
    throw new TrellisError('invalid-checkpoint', `${name} is not a safetensors file`, {
      fix: 'name one: it begins with the length of a header in JSON',
    })
  const start = 8 + headerLength
  if (start > bytes.length) invalid(`expected a header of ${headerLength} bytes, found ${bytes.length - 8}`)

  const { __metadata__, ...entries } = parseHeader(bytes.subarray(8, start), name, invalid)
  const { sha256: checksum, ...metadata } = __metadata__
  if (Object.entries(metadata).some(isRenamedChecksum)) invalid('it has lost the name of its checksum')
  const inOrder = Object.entries(entries).sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  )
  let expected = 0
  const tensors: Record<string, Tensor> = {}
  for (const [tensorName, { dtype, shape, data_offsets }] of inOrder) {
    const [begin, end] = data_offsets
    const length = sizeOf(shape) * WIDTH[dtype]
    if (begin !== expected) invalid(`tensor ${tensorName} begins at byte ${begin}, expected ${expected}`)
    if (end - begin !== length) {
      invalid(`tensor ${tensorName} ${showShape(shape)} ${dtype} needs ${length} bytes, found ${end - begin}`)
    }
    if (start + end > bytes.length) invalid(`expected ${start + end} bytes or more, found ${bytes.length}`)
    const data = read(dtype, bytes.subarray(start + begin, start + end), () =>
      invalid(`tensor ${tensorName} holds an I64 number beyond 32 bits`),
    )
    tensors[tensorName] = { dtype: data instanceof Int32Array ? 'int32' : 'float32', shape, data }
    expected = end
  }
  if (bytes.length !== start + expected) invalid(`expected ${start + expected} bytes, found ${bytes.length}`)
  if (checksum !== undefined && !hasChecksum(bytes, start, checksum))
    invalid('it does not have the checksum that it says')
  return { tensors, metadata }
}

/** A checksum whose name was damaged: of others, hashes have other names, and names of six letters no such values. */
const isRenamedChecksum = ([name, value]: [string, string]): boolean =>
  name.length === 'sha256'.length && /^[0-9a-f]{64}$/.test(value)

const hasChecksum = (bytes: Uint8Array, start: number, checksum: string): boolean =>
  checksum.length === DIGITS && isSealed(bytes, 8 + checksumIn(bytes.subarray(8, start), checksum))

function parseHeader(
  bytes: Uint8Array,
  name: string,
  invalid: (what: string, cause?: unknown) => never,
): z.infer<typeof headerSchema> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    return invalid('its header is not JSON', cause)
  }
  const header = headerSchema.safeParse(json, WORDS)
  if (header.success) return header.data
  const { path, message, code, input } = header.error.issues[0]!
  // Another type of numbers is no damage, as long as it is named as the format names such.
  if (
    code === 'invalid_value' &&
    path.length === 2 &&
    path[1] === 'dtype' &&
    /^[A-Z]+\d\w*$/.test(String(input))
  )
    throw new TrellisError(
      'invalid-checkpoint',
      `${name}: tensor ${String(path[0])} is of ${input}, which is not read`,
      {
        fix: `convert it to F32; ${READ.join(', ')} are read`,
        cause: header.error,
      },
    )
  return invalid(`its header is wrong at ${path.join('.') || 'the top'}: ${message}`, header.error)
}

function read(dtype: StoredDType, bytes: Uint8Array, outOfRange: () => never): Float32Array | Int32Array {
  const { buffer, byteOffset, length } = aligned(bytes, WIDTH[dtype])
  const narrow = (value: bigint) => (BigInt.asIntN(32, value) === value ? Number(value) : outOfRange())
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, length)
    case 'I32':
      return new Int32Array(buffer, byteOffset, length)
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, length), float16ToFloat32)
    case 'BF16':
      return bfloat16ToFloat32(new Uint16Array(buffer, byteOffset, length))
    case 'I64':
      return Int32Array.from(Array.from(new BigInt64Array(buffer, byteOffset, length), narrow))
  }
}

/** The bytes, copied where they are not aligned. Typed arrays are little-endian on every platform of Node. */
function aligned(bytes: Uint8Array, width: number) {
  const { buffer, byteOffset } = bytes.byteOffset % width === 0 ? bytes : bytes.slice()
  return { buffer, byteOffset, length: bytes.length / width }
}
