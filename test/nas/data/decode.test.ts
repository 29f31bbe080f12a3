import { encode } from 'fast-png'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeImage, readHeader } from '../../../nas/data/decode.ts'
import { READABLE } from '../../../nas/data/image-format.ts'
import { jpeg, mask, picture, text } from './memory.ts'

test('a truncated or empty file is refused, wherever it breaks off', async () => {
  const photo = await jpeg(40, 40)
  for (const part of [0, 0.3, 0.9]) {
    const bytes = photo.subarray(0, photo.length * part)
    await expect(decodeImage(bytes, 'i.jpg')).rejects.toThrow('i.jpg is damaged or truncated: ')
    await expect(decodeImage(picture(40, 40).subarray(0, 200 * part), 'i.png')).rejects.toThrow(
      'i.png is damaged or truncated: ',
    )
  }
})

describe('what is no image that can be read is named', () => {
  const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')
  test.each([
    ['BMP', Buffer.from('BM\x36\0\0\0\0\0\0\0', 'latin1'), 'is a BMP'],
    ['HEIC', heic, 'is a HEIC'],
    ['SVG, which libvips would draw', text('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'is a SVG'],
    ['web page', text('<!DOCTYPE html><html>'), 'is a web page'],
    ['anything else', text('hello'), 'is no image that is known'],
  ])('%s', async (_, bytes, message) => {
    const error = {
      message: `x.jpg ${message}`,
      fix: expect.stringMatching(/^convert it to one of JPEG, PNG/),
    }
    await expect(decodeImage(bytes, 'x.jpg')).rejects.toMatchObject(error)
    await expect(readHeader(bytes, 'x.jpg')).rejects.toMatchObject(error)
  })

  test('a pointer of Git LFS has another remedy', async () => {
    const pointer = text('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a')
    await expect(decodeImage(pointer, 'x.jpg')).rejects.toMatchObject({
      fix: 'fetch the images: git lfs pull',
    })
  })
})

test('more pixels than libvips takes are refused by the header, with their number', async () => {
  await expect(readHeader(tiff(16_000, 17_000, UNSIGNED), 'x.tif')).rejects.toMatchObject({
    code: 'unsupported',
    message: 'x.tif has 16000x17000 pixels, more than 268402689 pixels',
  })
})

/** Sample formats of TIFF 6.0, section 19. */
const [UNSIGNED, FLOAT] = [1, 3]

/** A TIFF of 32-bit samples whose pixels are missing but for the first. */
function tiff(height: number, width: number, format: number): Uint8Array {
  const tags = [
    ...[256, width, 257, height, 258, 32, 259, 1, 262, 1],
    ...[273, 4, 277, 1, 278, height, 279, 4, 339, format],
  ]
  const bytes = Buffer.alloc(10 + 12 * (tags.length / 2) + 4)
  bytes.write('II*\0', 'latin1')
  bytes.writeUInt32LE(8, 4)
  bytes.writeUInt16LE(tags.length / 2, 8)
  for (let i = 0; i < tags.length; i += 2) {
    const entry = 10 + 6 * i
    bytes.writeUInt16LE(tags[i]!, entry)
    bytes.writeUInt16LE(4, entry + 2)
    bytes.writeUInt32LE(1, entry + 4)
    bytes.writeUInt32LE(tags[i + 1]!, entry + 8)
  }
  return bytes
}

describe('an image becomes 8-bit sRGB', () => {
  const decoded = async (bytes: Uint8Array) => [...(await decodeImage(bytes, 'i')).data]

  test('of any colour type, without alpha', async () => {
    const rgb = await decodeImage(picture(3, 5), 'i.png')
    expect([rgb.height, rgb.width, rgb.data.length]).toEqual([3, 5, 45])
    expect([...rgb.data.subarray(6, 12)]).toEqual([2, 4, 6, 3, 6, 9])
    expect(await decoded(mask([[10, 200]]))).toEqual([10, 10, 10, 200, 200, 200])
    const rgba = encode({ height: 1, width: 1, channels: 4, depth: 8, data: Uint8Array.of(9, 8, 7, 100) })
    expect(await decoded(rgba)).toEqual([9, 8, 7])
    const cmyk = await sharp(picture(8, 8)).toColourspace('cmyk').jpeg().toBuffer()
    expect(await decoded(cmyk)).toHaveLength(8 * 8 * 3)
  })

  test('of 16 bits the upper byte', async () => {
    const data = Uint16Array.of(0x1234, 0xabcd, 0xff00)
    expect(await decoded(encode({ height: 1, width: 1, channels: 3, depth: 16, data }))).toEqual([
      0x12, 0xab, 0xff,
    ])
  })

  test('by its embedded profile', async () => {
    const pixel = { raw: { width: 1, height: 1, channels: 3 } } as const
    const p3 = sharp(Uint8Array.of(200, 60, 40), pixel).withIccProfile('p3')
    expect(await decoded(await p3.png().toBuffer())).toEqual([200, 60, 40])
  })

  test('but a TIFF of floating-point numbers, whose range nobody knows, is refused', async () => {
    const bytes = tiff(1, 1, FLOAT)
    await expect(decodeImage(bytes, 'i.tif')).rejects.toThrow('i.tif holds float numbers')
  })
})

test('every format that is said to be read is, by its content', async () => {
  const original = sharp(picture(8, 8))
  for (const format of READABLE) {
    const bytes = await original
      .clone()
      .toFormat(format.toLowerCase() as 'png')
      .toBuffer()
    expect(await decodeImage(bytes, 'i.jpg')).toMatchObject({ height: 8, width: 8 })
    expect(await readHeader(bytes, 'i.jpg')).toEqual({ height: 8, width: 8, orientation: 1 })
  }
})

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'an image is turned as its EXIF orientation %i says',
  async (orientation) => {
    const stored = sharp({ create: { width: 32, height: 16, channels: 3, background: 'black' } }).composite([
      { input: { create: { width: 16, height: 8, channels: 3, background: 'white' } }, left: 0, top: 0 },
    ])
    const bytes = await stored.jpeg({ quality: 100 }).withMetadata({ orientation }).toBuffer()
    const { height, width, data } = await decodeImage(bytes, 'i.jpg')
    const isWhite = (y: number, x: number) => data[3 * (y * width + x)]! > 200
    const corners = [
      isWhite(2, 2),
      isWhite(2, width - 3),
      isWhite(height - 3, 2),
      isWhite(height - 3, width - 3),
    ]
    // Where the first row and the first column of the stored pixels belong (EXIF 2.3, tag 0x0112).
    const corner = [0, 1, 3, 2, 0, 1, 3, 2][orientation - 1]!
    expect(corners.indexOf(true)).toBe(corner)
    expect([height, width]).toEqual(orientation > 4 ? [32, 16] : [16, 32])
    expect(await readHeader(bytes, 'i.jpg')).toEqual({ height, width, orientation })
  },
)
