import { decode } from 'fast-png'
import { TrellisError } from '../errors.ts'
import type { Pixels } from './dataset.ts'
import { decodeImage } from './decode.ts'
import { formatOf } from './image-format.ts'
import { type LabelTable, showAllowed } from './layout.ts'
import type { Histogram } from './mask-values.ts'
import { type PngHeader, readPngHeader, underGreys } from './png.ts'

/**
 * What is known of a mask before it is decoded.
 * @param where the file, for errors @throws TrellisError `invalid-dataset` for what is no grey or palette PNG of at most 8 bits
 */
export function readMaskHeader(bytes: Uint8Array, where: string): PngHeader {
  const format = formatOf(bytes)
  if (format !== undefined && format !== 'PNG') throw noPng(format, where)
  const header = format && readPngHeader(bytes)
  if (!header) throw damaged(where)
  const { channels, depth } = header
  if (channels === 1 && depth <= 8) return header
  throw new TrellisError(
    'invalid-dataset',
    `${where} has ${channels} channels of ${depth} bits; a mask holds one class index a pixel`,
    { fix: 'convert the masks to 8-bit grey or palette PNGs whose values are class indices' },
  )
}

/**
 * Decodes a mask (grey or palette PNG of at most 8 bits) to labels. The values of a palette PNG are its indices.
 * @param where the file, for errors @param histogram to which its values are added @throws TrellisError `invalid-dataset`
 */
export async function decodeMask(
  bytes: Uint8Array,
  table: LabelTable,
  where: string,
  histogram?: Histogram,
): Promise<Pixels> {
  const header = readMaskHeader(bytes, where)
  const isPacked = header.depth < 8
  const labels = isPacked && header.interlaced ? await interlaced(bytes, where) : plain(bytes, header, where)
  for (let i = 0; i < labels.length; i++) {
    const value = labels[i]!
    const label = table[value]!
    if (label === -1) {
      const pixel = `row ${Math.floor(i / header.width)}, column ${i % header.width}`
      throw new TrellisError(
        'invalid-dataset',
        `${where} has value ${value} at ${pixel}; allowed are ${showAllowed(table)}`,
        { fix: 'correct the mask, or the classes and ignored value of the dataset' },
      )
    }
    labels[i] = label
    if (histogram) histogram[value]!++
  }
  return { height: header.height, width: header.width, data: labels }
}

/** fast-png takes the values of an interlaced PNG below 8 bits for bytes, libvips does not. */
async function interlaced(bytes: Uint8Array, where: string): Promise<Uint8Array> {
  const { data } = await decodeImage(underGreys(bytes), where)
  return Uint8Array.from({ length: data.length / 3 }, (_, i) => data[3 * i]!)
}

function plain(bytes: Uint8Array, header: PngHeader, where: string): Uint8Array {
  try {
    const { data } = decode(bytes, { checkCrc: true })
    return header.depth === 8 ? new Uint8Array(data) : unpack(header, data)
  } catch (cause) {
    throw damaged(where, cause)
  }
}

/** One value a byte. Below 8 bits, PNG packs several into a byte, most significant first; each row starts with a new byte. */
function unpack({ height, width, depth }: PngHeader, data: ArrayLike<number>): Uint8Array {
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

const noPng = (format: string, where: string) =>
  new TrellisError('invalid-dataset', `the mask ${where} is a ${format}; masks must be PNGs`, {
    fix:
      format === 'JPEG'
        ? 'take the masks from before they were saved as JPEG, which changes class indices, and save them as PNG'
        : 'save the masks as 8-bit grey or palette PNGs whose values are class indices',
  })

const damaged = (where: string, cause?: unknown) =>
  new TrellisError('invalid-dataset', `${where} is damaged or truncated, or no PNG`, {
    fix: 'copy or download the file again; masks must be PNGs',
    cause,
  })
