import fc from 'fast-check'
import { encode } from 'fast-png'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { decodeImage, decodeMask } from '../../../nas/data/decode.ts'
import { labelTable } from '../../../nas/data/layout.ts'
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

test('a mask gives back the values that were written, at every depth up to 8 bits', () => {
  const masks = fc
    .tuple(fc.constantFrom(1, 2, 4, 8), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 19 }))
    .chain(([depth, height, width]) => {
      const row = fc.array(fc.nat(2 ** depth - 1), { minLength: width, maxLength: width })
      return fc.tuple(fc.constant(depth), fc.array(row, { minLength: height, maxLength: height }))
    })
  fc.assert(
    fc.property(masks, ([depth, rows]) => {
      const bytes = mask(rows, { depth: depth as 1 | 2 | 4 | 8, data: pack(rows, depth) })
      const pixels = decodeMask(bytes, anything, 'm.png')
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
  expect([...decodeMask(bytes, anything, 'm.png').data]).toEqual([0, 2, 1, 2])
})

test('a value outside the classes is named with its place and what is allowed', () => {
  const table = labelTable((value) => (value <= 10 || value === 255 ? value : undefined))
  expect(() =>
    decodeMask(
      mask([
        [0, 1, 2],
        [3, 4, 77],
      ]),
      table,
      'a/m.png',
    ),
  ).toThrow('a/m.png has value 77 at row 1, column 2; allowed are 0..10, 255')
})

test('a 16-bit or RGB mask is refused', () => {
  const deep = encode({ height: 1, width: 1, channels: 1, depth: 16, data: Uint16Array.of(3) })
  expect(() => decodeMask(deep, anything, 'm.png')).toThrow('m.png has 1 channels of 16 bits')
  expect(() => decodeMask(picture(2, 2), anything, 'm.png')).toThrow('m.png has 3 channels of 8 bits')
})

test('a truncated, garbled or foreign file is refused, wherever it breaks off', async () => {
  const photo = await jpeg(40, 40)
  for (const part of [0, 0.3, 0.9]) {
    const bytes = photo.subarray(0, photo.length * part)
    await expect(decodeImage(bytes, 'i.jpg')).rejects.toThrow('i.jpg is damaged or truncated')
    await expect(decodeImage(picture(40, 40).subarray(0, 200 * part), 'i.png')).rejects.toThrow('i.png')
    expect(() =>
      decodeMask(
        mask([
          [1, 2],
          [3, 4],
        ]).subarray(0, 60 * part),
        anything,
        'm.png',
      ),
    ).toThrow('m.png is damaged or truncated')
  }
  const garbled = mask([
    [1, 2],
    [3, 4],
  ])
  garbled[45]! ^= 0xff
  expect(() => decodeMask(garbled, anything, 'm.png')).toThrow('m.png is damaged')
  expect(() => decodeMask(photo, anything, 'm.jpg')).toThrow('m.jpg is damaged or truncated, or no PNG')
})

test('an image of any colour type becomes 8-bit RGB', async () => {
  const rgb = await decodeImage(picture(3, 5), 'i.png')
  expect([rgb.height, rgb.width, rgb.data.length]).toEqual([3, 5, 45])
  expect([...rgb.data.subarray(6, 12)]).toEqual([2, 4, 6, 3, 6, 9])

  const grey = await decodeImage(mask([[10, 200]]), 'grey.png')
  expect([...grey.data]).toEqual([10, 10, 10, 200, 200, 200])

  const rgba = encode({ height: 1, width: 1, channels: 4, depth: 8, data: Uint8Array.of(9, 8, 7, 100) })
  expect([...(await decodeImage(rgba, 'rgba.png')).data]).toEqual([9, 8, 7])

  const cmyk = await sharp(picture(8, 8)).toColourspace('cmyk').jpeg().toBuffer()
  expect((await decodeImage(cmyk, 'cmyk.jpg')).data.length).toBe(8 * 8 * 3)
})
