import { TrellisError } from '../errors.ts'
import type { Pixels } from './dataset.ts'
import { formatOf, type ImageFormat, READABLE } from './image-format.ts'
import { FORMATS } from './left-out.ts'

/** Pixels of the largest image that is read: what libvips allows. */
const MOST_PIXELS = 0x3fff ** 2

/** Height and width as an image is decoded: turned as its EXIF orientation says. */
export interface ImageHeader {
  readonly height: number
  readonly width: number
  /** EXIF orientation, 1 to 8; 1 for pixels that are stored as they are shown. */
  readonly orientation: number
}

/** Loaded on first use, so that importing a dataset's types loads no native code. */
const libvips = async () => (await import('sharp')).default

/**
 * What is known of an image before it is decoded.
 * @param where the file, for errors @throws TrellisError `invalid-dataset` for what cannot be decoded, `unsupported` for too many pixels
 */
export async function readHeader(bytes: Uint8Array, where: string): Promise<ImageHeader> {
  checkFormat(bytes, where)
  const sharp = await libvips()
  const { autoOrient, orientation, depth } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause) => Promise.reject(explain(cause, where)))
  const { height, width } = autoOrient
  if (height * width > MOST_PIXELS) throw tooLarge(`${where} has ${height}x${width} pixels`)
  if (!/^u(char|short)$/.test(depth)) {
    throw new TrellisError('invalid-dataset', `${where} holds ${depth} numbers, whose range is not known`, {
      fix: 'convert the images to 8 or 16 bits a channel',
    })
  }
  return { height, width, orientation: orientation ?? 1 }
}

/**
 * Decodes an image of any colour type to 8-bit sRGB: turned as its EXIF orientation says, colours converted by its ICC profile
 * (CMYK without one by that of libvips), the upper byte of 16 bits, without alpha, the first frame or page.
 * @param where the file, for errors @throws TrellisError `invalid-dataset` if it is truncated or no image, `service-failed` for want
 * of memory
 */
export async function decodeImage(bytes: Uint8Array, where: string): Promise<Pixels> {
  // A TIFF alone may hold other numbers than bytes.
  if (checkFormat(bytes, where) === 'TIFF') await readHeader(bytes, where)
  const sharp = await libvips()
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error' })
      .autoOrient()
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    return { height: info.height, width: info.width, data }
  } catch (cause) {
    throw explain(cause, where)
  }
}

/** @returns the format of the content, which need not be that of the name */
function checkFormat(bytes: Uint8Array, where: string): ImageFormat {
  const format = formatOf(bytes)
  const readable = READABLE.find((known) => known === format)
  if (readable) return readable
  if (bytes.length === 0) throw damaged(where, 'it is empty')
  const isPointer = format === 'Git LFS pointer'
  throw new TrellisError(
    'invalid-dataset',
    `${where} is ${format ? `a ${format}` : 'no image that is known'}`,
    {
      fix: isPointer ? 'fetch the images: git lfs pull' : `convert it to one of ${FORMATS}, or leave it out`,
    },
  )
}

/** What libvips, or V8, says of a file. Where several are decoded at once, libvips may have forgotten why. */
function explain(cause: unknown, where: string): TrellisError {
  const [said = ''] = String((cause as Error).message).split('\n')
  if (said === 'Unknown error') return damaged(where, 'it cannot be decoded', cause)
  if (/memory|allocat/i.test(said)) {
    return new TrellisError('service-failed', `too little memory to decode ${where}: ${said}`, {
      fix: 'free some memory, scale the images down, or run fewer jobs at once: --set compute.concurrency=1',
      cause,
    })
  }
  if (/pixel limit/.test(said)) return tooLarge(where)
  if (/unsupported (?!image format)|not supported|not implemented/i.test(said)) {
    return new TrellisError('invalid-dataset', `${where} cannot be decoded: ${said}`, {
      fix: `convert it to an ordinary one of ${FORMATS}`,
      cause,
    })
  }
  return damaged(where, said, cause)
}

const damaged = (where: string, why: string, cause?: unknown) =>
  new TrellisError('invalid-dataset', `${where} is damaged or truncated: ${why}`, {
    fix: 'copy or download the file again',
    cause,
  })

const tooLarge = (what: string) =>
  new TrellisError('unsupported', `${what}, more than ${MOST_PIXELS} pixels`, {
    fix: 'cut it, and its mask, into tiles, or scale both down (a mask with nearest neighbour)',
  })
