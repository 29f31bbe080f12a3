import { type DecodedPng, decode } from 'fast-png'
import { TrellisError } from '../errors.ts'
import type { Pixels } from './dataset.ts'
import { type LabelTable, showAllowed } from './layout.ts'

/**
 * Decodes a JPEG or PNG of any colour type to 8-bit RGB.
 * @param where the file, for errors @throws TrellisError `invalid-dataset` if it is truncated or no image at all
 */
export async function decodeImage(bytes: Uint8Array, where: string): Promise<Pixels> {
  // Loaded on first use, so that importing a dataset's types loads no native code.
  const { default: sharp } = await import('sharp')
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    return { height: info.height, width: info.width, data }
  } catch (cause) {
    throw new TrellisError('invalid-dataset', `${where} is damaged or truncated, or no image`, {
      fix: 'copy or download the file again',
      cause,
    })
  }
}

/**
 * Decodes a mask (grey or palette PNG of at most 8 bits) to labels. The values of a palette PNG are its indices.
 * @param where the file, for errors @throws TrellisError `invalid-dataset`
 */
export function decodeMask(bytes: Uint8Array, table: LabelTable, where: string): Pixels {
  const png = readPng(bytes, where)
  if (png.channels !== 1 || png.depth === 16) {
    throw new TrellisError(
      'invalid-dataset',
      `${where} has ${png.channels} channels of ${png.depth} bits; a mask holds one class index a pixel`,
      { fix: 'convert the masks to 8-bit grey or palette PNGs whose values are class indices' },
    )
  }
  const labels = unpack(png)
  for (let i = 0; i < labels.length; i++) {
    const value = labels[i]!
    const label = table[value]!
    if (label === -1) {
      const pixel = `row ${Math.floor(i / png.width)}, column ${i % png.width}`
      throw new TrellisError(
        'invalid-dataset',
        `${where} has value ${value} at ${pixel}; allowed are ${showAllowed(table)}`,
        { fix: 'correct the mask, or the classes and ignored value of the dataset' },
      )
    }
    labels[i] = label
  }
  return { height: png.height, width: png.width, data: labels }
}

function readPng(bytes: Uint8Array, where: string): DecodedPng {
  try {
    return decode(bytes, { checkCrc: true })
  } catch (cause) {
    throw new TrellisError('invalid-dataset', `${where} is damaged or truncated, or no PNG`, {
      fix: 'copy or download the file again; masks must be PNGs',
      cause,
    })
  }
}

/** One value a byte. Below 8 bits, PNG packs several into a byte, most significant first; each row starts with a new byte. */
function unpack({ height, width, depth, data }: DecodedPng): Uint8Array {
  if (depth === 8) return new Uint8Array(data)
  const stride = Math.ceil((width * depth) / 8)
  const values = new Uint8Array(height * width)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth
      const byte = data[y * stride + (bit >> 3)]!
      values[y * width + x] = (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)
    }
  }
  return values
}
