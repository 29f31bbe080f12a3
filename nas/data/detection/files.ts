import type { ObjectReader } from '../../store/store.ts'
import type { SampleRef, Split } from '../dataset.ts'
import { decodeImage, readHeader } from '../decode.ts'
import { extentOf, type Sized } from '../extent.ts'
import { type OpenOptions, spread } from '../files.ts'
import type { Size } from './box.ts'
import { checkBoxes } from './boxes.ts'
import { checkFiles, readImage } from './check-files.ts'
import { countBoxes } from './count-boxes.ts'
import type { DetectionDataset, LabelledBox } from './dataset.ts'
import type { AnnotatedImage, Annotation, BoxLayout } from './layout.ts'

const SPLITS: readonly Split[] = ['train', 'validation', 'test']

/** A dataset of image files with boxes; every file has been decoded once without error. */
export async function boxFiles(
  layout: BoxLayout,
  reader: ObjectReader,
  limit: { readonly [split in Split]?: number | undefined } = {},
  { onProgress = () => {}, fingerprint }: OpenOptions = {},
): Promise<DetectionDataset> {
  const images = new Map<string, AnnotatedImage>()
  const refs: Record<Split, SampleRef[]> = { train: [], validation: [], test: [] }
  for (const split of SPLITS) {
    const sorted = layout.images[split].toSorted((a, b) => (a.name < b.name ? -1 : 1))
    for (const image of spread(sorted, limit[split])) {
      const ref = { split, name: image.name }
      images.set(keyOf(ref), image)
      refs[split].push(ref)
    }
  }
  const meaning = { ...layout, labels: new Map(layout.classes.map((name, label) => [name, label])) }
  const imageOf = (ref: SampleRef) => images.get(keyOf(ref))!
  const check = (annotation: Annotation, size: Size) => checkBoxes(annotation, size, meaning)

  const described = async (ref: SampleRef): Promise<{ size: Size; boxes: readonly LabelledBox[] }> => {
    const { image, annotation } = imageOf(ref)
    const noted = await annotation()
    if (noted.size) return { size: noted.size, boxes: check(noted, noted.size).boxes }
    const { bytes, where } = await readImage(image, noted, reader)
    const { height, width } = await readHeader(bytes, where)
    return { size: { height, width }, boxes: check(noted, { height, width }).boxes }
  }

  return {
    classes: layout.classes,
    ...refs,
    ...(fingerprint === undefined
      ? await checkFiles(layout.classes, images, check, reader, onProgress)
      : { fingerprint, warnings: [] }),
    async load(ref) {
      const { image, annotation } = imageOf(ref)
      const noted = await annotation()
      const { bytes, where } = await readImage(image, noted, reader)
      const { height, width, data } = await decodeImage(bytes, where)
      const { boxes } = check(noted, { height, width })
      return { name: ref.name, height, width, image: data, boxes }
    },
    boxesOf: async (ref) => (await described(ref)).boxes,
    async measure(onProgress) {
      const sized: Sized[] = []
      const boxesOf = async (ref: SampleRef) => {
        const { size, boxes } = await described(ref)
        sized.push({ ...size, split: ref.split })
        return boxes
      }
      const counts = await countBoxes(layout.classes.length, refs, boxesOf, onProgress)
      return { counts, extent: extentOf(sized) }
    },
  }
}

const keyOf = ({ split, name }: SampleRef): string => `${split}/${name}`
