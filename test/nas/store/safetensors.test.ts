import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TrellisError } from '../../../nas/errors.ts'
import { decodeSafetensors, encodeSafetensors } from '../../../nas/store/safetensors.ts'
import { float32, int32, sizeOf, type Tensor, type Tensors } from '../../../nas/tensor.ts'

// Written by Python's safetensors 0.6 with save_file.
const fixture = (name: string) => readFile(new URL(`fixtures/${name}.safetensors`, import.meta.url))

const aTensor: fc.Arbitrary<Tensor> = fc.array(fc.nat(4), { maxLength: 3 }).chain((shape) => {
  const length = { minLength: sizeOf(shape), maxLength: sizeOf(shape) }
  return fc.oneof(
    fc.array(fc.float(), length).map((data) => float32(shape, data)),
    fc.array(fc.integer(), length).map((data) => int32(shape, data)),
  )
})
const someTensors: fc.Arbitrary<Tensors> = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
  aTensor,
  { noNullPrototype: true },
)

/** A file with any header and body. */
function file(header: unknown, body: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + json.length + body)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  return bytes
}

describe('safetensors', () => {
  it('round-trips every tensor and the metadata', () => {
    fc.assert(
      fc.property(
        someTensors,
        fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.string(), { noNullPrototype: true }),
        (tensors, metadata) => {
          const decoded = decodeSafetensors(encodeSafetensors(tensors, metadata), 'x')
          expect(decoded).toEqual({ tensors, metadata })
        },
      ),
    )
  })

  it('gives equal bytes for equal tensors, in whatever order they were named', () => {
    const [a, b] = [float32([2], [1, 2]), int32([1], [3])]
    expect(encodeSafetensors({ a, b })).toEqual(encodeSafetensors({ b, a }))
  })

  it('reads what Python writes', async () => {
    const { tensors, metadata } = decodeSafetensors(await fixture('python'), 'python.safetensors')
    expect(metadata).toEqual({ step: '12' })
    expect(tensors).toEqual({
      weight: float32([2, 3], [1.5, -2, 3, 4, 5, -0.25]),
      steps: int32([2], [7, -8]),
      scalar: float32([], [3]),
      counter: int32([2], [2 ** 31 - 1, -(2 ** 31)]),
      half: float32([5], [1, -2.5, 65504, 2 ** -24, Number.POSITIVE_INFINITY]),
      empty: float32([0, 4], []),
    })
  })

  it('reads bfloat16 as float32', () => {
    const bytes = file({ x: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } }, 4)
    bytes.set([0x80, 0x3f, 0x49, 0xc0], bytes.length - 4)
    expect(decodeSafetensors(bytes, 'x').tensors.x).toEqual(float32([2], [1, -3.140625]))
  })

  it('views the bytes without copying them where they are aligned, and copies where not', () => {
    const bytes = encodeSafetensors({ x: float32([3], [1, 2, 3]) })
    expect(decodeSafetensors(bytes, 'x').tensors.x!.data.buffer).toBe(bytes.buffer)
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    expect(decodeSafetensors(shifted.subarray(1), 'x').tensors.x).toEqual(float32([3], [1, 2, 3]))
  })

  it('refuses a file cut anywhere, naming it and the bytes expected and found', () => {
    const whole = encodeSafetensors({ a: float32([2], [1, 2]), b: int32([3], [1, 2, 3]) })
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeSafetensors(whole.subarray(0, length), 'w.safetensors')).toThrow(
        expect.objectContaining({
          code: 'invalid-checkpoint',
          message: expect.stringMatching(/^w\.safetensors is not .*expected .*\d+.* found \d+/),
        }),
      )
    }
  })

  it('finds every flipped bit, also those of the name of its checksum', () => {
    const whole = encodeSafetensors({ a: float32([2], [1, 2]), b: int32([1], [3]) }, { trial: 'x' })
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const flipped = whole.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => decodeSafetensors(flipped, 'w'), `bit ${bit}`).toThrow(TrellisError)
    }
  })

  it('finds zeros where numbers were', () => {
    const whole = encodeSafetensors({ features: float32([1024], new Float32Array(1024).fill(0.5)) })
    whole.fill(0, whole.length - 3000, whole.length - 952)
    expect(() => decodeSafetensors(whole, 'w.safetensors')).toThrow(
      'w.safetensors is not a whole safetensors file: it does not have the checksum that it says',
    )
  })

  const entry = (over: object) => ({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...over } })
  it.each([
    ['a header that is no JSON', file('{"x":', 8), 'header is not JSON'],
    [
      'another kind of number',
      file(entry({ dtype: 'F64' }), 16),
      /^bad.safetensors: tensor x is of F64, which is not read$/,
    ],
    ['a kind of number of the format', file(entry({ dtype: 'F8_E4M3' }), 2), 'tensor x is of F8_E4M3'],
    ['what is no kind of number', file(entry({ dtype: 7 }), 16), 'x.dtype'],
    ['a text file', new TextEncoder().encode('hello world'), /^bad.safetensors is not a safetensors file$/],
    ['a negative length', file(entry({ shape: [-2] }), 8), 'x.shape.0'],
    [
      'a shape that its bytes do not fill',
      file(entry({ shape: [3] }), 8),
      'tensor x [3] F32 needs 12 bytes, found 8',
    ],
    ['a gap before a tensor', file(entry({ data_offsets: [4, 12] }), 12), 'begins at byte 4, expected 0'],
    ['bytes that belong to no tensor', file(entry({}), 12), /expected \d+ bytes, found \d+/],
    ['metadata that is no text', file({ __metadata__: { step: 3 } }, 0), '__metadata__.step'],
  ])('refuses %s', (_, bytes, what) => {
    const decode = () => decodeSafetensors(bytes, 'bad.safetensors')
    expect(decode).toThrow(TrellisError)
    expect(decode).toThrow(what)
  })

  it('refuses a 64-bit integer that 32 bits cannot hold', async () => {
    const bytes = await fixture('beyond-int32')
    expect(() => decodeSafetensors(bytes, 'big')).toThrow('tensor counter holds an I64 number beyond 32 bits')
  })
})
