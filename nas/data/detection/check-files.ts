import { sha256 } from '../../checksum.ts'
import { TrellisError } from '../../errors.ts'
import { contentHash } from '../../hash.ts'
import type { ObjectReader } from '../../store/store.ts'
import type { OnProgress, Split } from '../dataset.ts'
import { decodeImage, type ImageHeader, readHeader } from '../decode.ts'
import { turned } from '../files.ts'
import { mapImages } from '../map-images.ts'
import { overlapOf } from '../overlap.ts'
import { formsOf } from '../stored-names.ts'
import type { Size } from './box.ts'
import { type CheckedBoxes, sayFindings } from './boxes.ts'
import type { DetectionDataset } from './dataset.ts'
import type { AnnotatedImage, Annotation } from './layout.ts'

/**
 * One pass over all bytes: decodes what `load` will decode, and hashes it and its boxes.
 * @param images by `<split>/<name>` @param check finds the boxes of an image
 */
export async function checkFiles(
  classes: readonly string[],
  images: ReadonlyMap<string, AnnotatedImage>,
  check: (annotation: Annotation, size: Size) => CheckedBoxes,
  reader: ObjectReader,
  onProgress: OnProgress,
): Promise<Pick<DetectionDataset, 'fingerprint' | 'warnings'>> {
  let done = 0
  const checked = await mapImages([...images], async ([key, { image, annotation }]) => {
    const noted = await annotation()
    const { bytes, where } = await readImage(image, noted, reader)
    const header = await readHeader(bytes, where)
    checkSize(noted, header, where)
    await decodeImage(bytes, where)
    const { boxes, findings } = check(noted, header)
    onProgress(++done, images.size)
    const hash = sha256(bytes)
    return {
      image: { split: key.slice(0, key.indexOf('/')) as Split, name: image, sha256: hash },
      boxes: boxes.length,
      findings,
      isTurnUnsaid: isTurnUnsaid(noted, header),
      hashes: [key, hash, sha256(JSON.stringify(boxes)), ...turned(header.orientation)],
    }
  })
  const found = checked.reduce((sum, { boxes }) => sum + boxes, 0)
  return {
    fingerprint: contentHash({ classes, files: checked.map(({ hashes }) => hashes) }),
    warnings: [
      ...overlapOf(checked.map(({ image }) => image)),
      ...sayFindings(
        checked.flatMap(({ findings }) => findings),
        found,
      ),
      ...onTurned(checked),
      ...SPLITS.flatMap((split) =>
        onBare(
          split,
          checked.filter(({ image }) => image.split === split),
          reader,
        ),
      ),
    ],
  }
}

export async function readImage(key: string, { where }: Annotation, reader: ObjectReader) {
  const file = `${reader.location}/${key}`
  for (const form of formsOf(key)) {
    const bytes = await reader.get(form)
    if (bytes !== undefined) return { bytes, where: file }
  }
  throw new TrellisError('invalid-dataset', `image ${file} is missing, of which ${where} has the boxes`, {
    fix: 'restore the file, or strike it from the annotations',
  })
}

/** EXIF orientations above it swap height and width. */
const LAST_UPRIGHT = 4

/** @throws TrellisError `invalid-dataset` where the annotation is of an image of another size */
function checkSize({ where, size }: Annotation, header: ImageHeader, image: string): void {
  const { height, width, orientation } = header
  if (size === undefined || (size.height === height && size.width === width)) return
  const turns = orientation > LAST_UPRIGHT
  const fitsStored = turns && size.height === width && size.width === height
  const shown = `${height}x${width}${turns ? ` once turned by its EXIF orientation (${orientation})` : ''}`
  throw new TrellisError(
    'invalid-dataset',
    `${image} is ${shown}, ${where} says ${size.height}x${size.width}`,
    {
      fix: fitsStored
        ? 'the boxes fit the stored pixels: strike the orientation from the image (exiftool -Orientation=)'
        : 'take the image for which the boxes were drawn, or scale them with it and correct the size',
    },
  )
}

/** Whether an image is turned as it is read, and the size in its annotation does not tell whether its boxes are. */
const isTurnUnsaid = ({ size }: Annotation, { height, width, orientation }: ImageHeader): boolean =>
  orientation !== 1 && (size === undefined || orientation <= LAST_UPRIGHT || height === width)

const SPLITS = ['train', 'validation', 'test'] as const
const NAMES = { train: 'training', validation: 'validation', test: 'test' } as const

interface Counted {
  readonly image: { readonly name: string }
  readonly boxes: number
  readonly isTurnUnsaid: boolean
}

function onTurned(images: readonly Counted[]): string[] {
  const turned = images.filter(({ isTurnUnsaid }) => isTurnUnsaid)
  if (turned[0] === undefined) return []
  const some = `${turned.length} of ${images.length} images are turned by their EXIF orientation`
  return [`${some}, and their boxes are taken to be drawn on what viewers show (${turned[0].image.name})`]
}

/** What to say of images without boxes. @throws TrellisError `invalid-dataset` where there are no others */
function onBare(split: Split, images: readonly Counted[], { location }: ObjectReader): string[] {
  const bare = images.filter(({ boxes }) => boxes === 0)
  if (images.length > 0 && bare.length === images.length) {
    throw new TrellisError('invalid-dataset', `${location}: no ${NAMES[split]} image has a box`, {
      fix: 'check the annotations, the lists or files of the dataset, and its `limit`',
    })
  }
  const example = bare[0]?.image.name
  if (example === undefined) return []
  return [
    `${bare.length} of ${images.length} ${NAMES[split]} images have no box, and are background alone (${example})`,
  ]
}
