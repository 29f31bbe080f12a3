import { z } from 'zod'
import { TrellisError } from '../../errors.ts'
import type { ObjectReader } from '../../store/store.ts'
import type { Split } from '../dataset.ts'
import { bySplit } from '../layout.ts'
import { type AnnotatedImage, type BoxLayout, imageKey, NO_IMAGES, onlyOnce } from './layout.ts'
import { parsedElements } from './parsed-elements.ts'

/** The ten of detection, in the order of the benchmark. */
const CLASSES = [
  'pedestrian',
  'rider',
  'car',
  'truck',
  'bus',
  'train',
  'motorcycle',
  'bicycle',
  'traffic light',
  'traffic sign',
]

/** What a category is called in other releases. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['person', 'pedestrian'],
  ['motor', 'motorcycle'],
  ['bike', 'bicycle'],
  ['caravan', 'car'],
  ['van', 'car'],
])

/** Categories that the benchmark neither asks for nor counts as wrong, and what they may be taken for. */
const IGNORED: ReadonlyMap<string, string> = new Map([
  ['other person', 'pedestrian'],
  ['other vehicle', 'car'],
  ['trailer', 'truck'],
])

/** Of every image. */
const SIZE = { height: 720, width: 1280 }

/** Where the labels of a split are: of 2018, and of 2020. */
const filesOf = (folder: string): readonly string[] => [
  `labels/bdd100k_labels_images_${folder}.json`,
  `labels/det_20/det_${folder}.json`,
]

const edge = z.number()
const frameSchema = z.object({
  name: z.string().min(1),
  // Lanes and drivable areas have none, and images without labels no list.
  labels: z
    .array(
      z.object({
        category: z.string(),
        box2d: z.object({ x1: edge, y1: edge, x2: edge, y2: edge }).nullish(),
      }),
    )
    .nullish(),
})
type Frame = z.infer<typeof frameSchema>

const FOLDERS = { train: 'train', validation: 'val', test: undefined } as const

/**
 * BDD100K, of which the labels of `test` are not public: boxes alone.
 * @param given the classes of networks that are judged
 */
export async function bdd100kBoxes(
  reader: ObjectReader,
  splits: readonly Split[],
  given: readonly string[] = CLASSES,
): Promise<BoxLayout> {
  return {
    classes: given,
    images: await bySplit(splits, NO_IMAGES, (split) => imagesOf(FOLDERS[split], reader)),
    onUnknown: 'correct the category if it is misspelt, or remove the label',
  }
}

async function imagesOf(
  folder: string | undefined,
  reader: ObjectReader,
): Promise<readonly AnnotatedImage[]> {
  if (folder === undefined) return NO_IMAGES
  const { bytes, where } = await firstOf(filesOf(folder), reader)
  const images = [...parsedElements(bytes, where, frameSchema)].map((frame) => imageOf(frame, folder, where))
  onlyOnce(images, ({ name }) => name, `${where} has image`)
  return images
}

async function firstOf(keys: readonly string[], reader: ObjectReader) {
  for (const key of keys) {
    const bytes = await reader.get(key)
    if (bytes !== undefined) return { bytes, where: `${reader.location}/${key}` }
  }
  const tried = keys.map((key) => `${reader.location}/${key}`).join(' or ')
  throw new TrellisError('invalid-dataset', `there is no ${tried}`, {
    fix: 'unpack images and detection labels of BDD100K into `path`',
  })
}

function imageOf({ name, labels }: Frame, folder: string, where: string): AnnotatedImage {
  const objects = (labels ?? []).flatMap(({ category, box2d }, id) => {
    if (!box2d) return []
    const { x1, y1, x2, y2 } = box2d
    const name = IGNORED.get(category) ?? OTHER_NAMES.get(category) ?? category
    return { id, name, box: [x1, y1, x2, y2] as const, crowd: IGNORED.has(category) }
  })
  return {
    name,
    image: imageKey(`images/100k/${folder}`, name, where),
    annotation: async () => ({ where: `${where}: ${name}`, noun: 'label', size: SIZE, objects }),
  }
}
