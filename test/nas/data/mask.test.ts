import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { encode } from 'fast-png'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { labelTable } from '../../../nas/data/layout.ts'
import { decodeMask } from '../../../nas/data/mask.ts'
import { pngChunk } from '../../../nas/data/png.ts'
import { jpeg, mask, picture } from './memory.ts'

const anything = labelTable((value) => value)

/** Packs values into rows of whole bytes, most significant bits first (PNG specification, 7.2). */
const pack = (rows: readonly (readonly number[])[], depth: number): Uint8Array =>
  Uint8Array.from(
    rows.flatMap((row) => {
      const bits = row.map((value) => value.toString(2).padStart(depth, '0')).join('')
      return (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
    }),
  )

test('a mask gives back the values that were written, at every depth up to 8 bits', async () => {
  const masks = fc
    .tuple(fc.constantFrom(1, 2, 4, 8), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 19 }))
    .chain(([depth, height, width]) => {
      const row = fc.array(fc.nat(2 ** depth - 1), { minLength: width, maxLength: width })
      return fc.tuple(fc.constant(depth), fc.array(row, { minLength: height, maxLength: height }))
    })
  await fc.assert(
    fc.asyncProperty(masks, async ([depth, rows]) => {
      const bytes = mask(rows, { depth: depth as 1 | 2 | 4 | 8, data: pack(rows, depth) })
      const pixels = await decodeMask(bytes, anything, 'm.png')
      expect([...pixels.data]).toEqual(rows.flat())
      expect([pixels.height, pixels.width]).toEqual([rows.length, rows[0]!.length])
    }),
    { numRuns: 40 },
  )
})

test('the indices of a palette mask count, not its colours', async () => {
  const palette = [
    [0, 0, 0],
    [128, 0, 0],
    [0, 128, 0],
  ]
  const bytes = mask(
    [
      [0, 2],
      [1, 2],
    ],
    { palette },
  )
  // An independent reader sees a colour picture there.
  expect([...(await sharp(bytes).raw().toBuffer())].slice(3, 6)).toEqual([0, 128, 0])
  expect([...(await decodeMask(bytes, anything, 'm.png')).data]).toEqual([0, 2, 1, 2])
})

test('a value outside the classes is named with its place and what is allowed', async () => {
  const table = labelTable((value) => (value <= 10 || value === 255 ? value : undefined))
  await expect(
    decodeMask(
      mask([
        [0, 1, 2],
        [3, 4, 77],
      ]),
      table,
      'a/m.png',
    ),
  ).rejects.toThrow('a/m.png has value 77 at row 1, column 2; allowed are 0..10, 255')
})

test('a 16-bit or RGB mask is refused', async () => {
  const deep = encode({ height: 1, width: 1, channels: 1, depth: 16, data: Uint16Array.of(3) })
  await expect(decodeMask(deep, anything, 'm.png')).rejects.toThrow('m.png has 1 channels of 16 bits')
  await expect(decodeMask(picture(2, 2), anything, 'm.png')).rejects.toThrow('m.png has 3 channels of 8 bits')
})

test('a truncated, garbled or foreign mask is refused, and said to be that', async () => {
  for (const part of [0, 0.3, 0.9]) {
    const bytes = mask([
      [1, 2],
      [3, 4],
    ])
    await expect(decodeMask(bytes.subarray(0, 60 * part), anything, 'm.png')).rejects.toThrow(
      'm.png is damaged or truncated',
    )
  }
  const garbled = mask([
    [1, 2],
    [3, 4],
  ])
  garbled[45]! ^= 0xff
  await expect(decodeMask(garbled, anything, 'm.png')).rejects.toThrow('m.png is damaged')
  await expect(decodeMask(await jpeg(4, 4), anything, 'm.jpg')).rejects.toThrow(
    'the mask m.jpg is a JPEG; masks must be PNGs',
  )
})

/** Where the pixels of each pass of Adam7 begin, and how far apart they are (PNG specification, section 8.2). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

test.each([1, 2, 4, 8] as const)(
  'an interlaced mask of %i bits gives back its values, grey or palette',
  async (depth) => {
    const rows = Array.from({ length: 11 }, (_, y) =>
      Array.from({ length: 13 }, (_, x) => (x * y + x) % 2 ** depth),
    )
    const lines = PASSES.flatMap(([x0, y0, dx, dy]) =>
      rows
        .filter((_, y) => y >= y0 && (y - y0) % dy === 0)
        .map((row) => row.filter((_, x) => x >= x0 && (x - x0) % dx === 0)),
    )
    // Filter 0 before every line, of which a pass may have none.
    const data = lines.filter((line) => line.length > 0).flatMap((line) => [0, ...pack([line], depth)])
    for (const type of [0, 3]) {
      const size = Buffer.alloc(8)
      size.writeUInt32BE(13)
      size.writeUInt32BE(11, 4)
      const bytes = Buffer.concat([
        Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
        pngChunk('IHDR', Buffer.concat([size, Uint8Array.of(depth, type, 0, 0, 1)])),
        ...(type === 3
          ? [
              pngChunk(
                'PLTE',
                Uint8Array.from({ length: 3 * 2 ** depth }, (_, i) => 255 - i),
              ),
            ]
          : []),
        pngChunk('tEXt', Buffer.from('Software\0GIMP', 'latin1')),
        pngChunk('IDAT', deflateSync(Uint8Array.from(data))),
        pngChunk('IEND', new Uint8Array()),
      ])
      expect([...(await decodeMask(bytes, anything, 'm.png')).data]).toEqual(rows.flat())
    }
  },
)
