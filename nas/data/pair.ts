import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import type { Sample } from './dataset.ts'
import { decodeImage, readHeader } from './decode.ts'
import type { FilePair, Layout } from './layout.ts'
import { decodeMask, readMaskHeader } from './mask.ts'
import type { Histogram } from './mask-values.ts'

interface File {
  readonly where: string
  readonly bytes: Uint8Array
}

/** @throws TrellisError `invalid-dataset` where one of the two is missing */
export async function readPair(pair: FilePair, reader: ObjectReader): Promise<{ image: File; mask: File }> {
  const [image, mask] = await Promise.all([reader.get(pair.image), reader.get(pair.mask)])
  const where = `${reader.location}/${pair.image}`
  if (image === undefined) {
    throw new TrellisError('invalid-dataset', `image ${where} is missing`, {
      fix: 'restore the file, or strike it from the list',
    })
  }
  return { image: { where, bytes: image }, mask: maskOf(pair, mask, reader) }
}

export function maskOf(
  { image, mask, similar }: FilePair,
  bytes: Uint8Array | undefined,
  { location }: ObjectReader,
): File {
  const where = `${location}/${mask}`
  if (bytes !== undefined) return { where, bytes }
  const other = similar === undefined ? '' : `, though ${similar.key} is there`
  throw new TrellisError(
    'invalid-dataset',
    `image ${location}/${image} has no mask: ${where} is missing${other}`,
    { fix: similar?.fix ?? 'add the mask, or leave the image out' },
  )
}

/**
 * @param histogram to which the values of the mask are added
 * @throws TrellisError `invalid-dataset` for what cannot be decoded, and for an image and a mask of two sizes
 */
export async function decodePair(
  name: string,
  image: File,
  mask: File,
  layout: Layout,
  histogram?: Histogram,
): Promise<Sample> {
  await checkSizes(image, mask)
  const { height, width, data } = await decodeImage(image.bytes, image.where)
  const labels = await decodeMask(mask.bytes, layout.table, mask.where, histogram)
  return { name, height, width, image: data, labels: labels.data }
}

/** By their headers: what does not fit need not be decoded. */
async function checkSizes(image: File, mask: File): Promise<void> {
  const { height, width, orientation } = await readHeader(image.bytes, image.where)
  const labels = readMaskHeader(mask.bytes, mask.where)
  if (height === labels.height && width === labels.width) return
  const turns = orientation > 4
  const size = `${height}x${width}${turns ? ` once turned by its EXIF orientation (${orientation})` : ''}`
  const isTurned = height === labels.width && width === labels.height
  throw new TrellisError(
    'invalid-dataset',
    `${image.where} is ${size}, its mask ${mask.where} is ${labels.height}x${labels.width}`,
    { fix: isTurned ? (turns ? SHOWN : TURNED) : SAME_SIZE },
  )
}

const SAME_SIZE = 'make both the same size (mask with nearest neighbour, never smoothed)'
const TURNED = 'one of the two was turned by 90 degrees: turn it back'
const SHOWN =
  'the mask fits the stored pixels: turn it as viewers show the image, or strike the orientation from the image (exiftool -Orientation=)'
