import { z } from 'zod'
import { TrellisError } from '../../errors.ts'
import type { ObjectReader } from '../../store/store.ts'
import type { Split } from '../dataset.ts'
import { bySplit } from '../layout.ts'
import type { CocoConfig } from './config.ts'
import {
  type AnnotatedImage,
  type BoxLayout,
  IS_OTHER,
  IS_UNTAUGHT,
  imageKey,
  type NotedObject,
  onlyOnce,
  requireFile,
  twice,
} from './layout.ts'
import { parsedElements } from './parsed-elements.ts'

const side = z.int().positive()
const imageSchema = z.object({
  id: z.int(),
  file_name: z.string().min(1),
  height: side.optional(),
  width: side.optional(),
})
const categorySchema = z.object({ id: z.int(), name: z.string().min(1) })
const number = z.number()
const annotationSchema = z.object({
  id: z.int(),
  image_id: z.int(),
  category_id: z.int(),
  bbox: z.tuple([number, number, number, number]),
  area: number.nonnegative().optional(),
  iscrowd: z.union([z.literal(0), z.literal(1), z.boolean()]).optional(),
})

/**
 * COCO: a JSON file of images, annotations and categories a split; outlines are not read.
 * @param given the classes of networks that are judged
 */
export async function cocoBoxes(
  config: CocoConfig,
  reader: ObjectReader,
  splits: readonly Split[],
  given: readonly string[] | undefined = config.classes,
): Promise<BoxLayout> {
  const found = await bySplit(splits, NONE, (split) => readSplit(config[split], reader))
  return {
    images: { train: found.train.images, validation: found.validation.images, test: found.test.images },
    classes: given ?? found.train.categories,
    onUnknown: given ? IS_OTHER : IS_UNTAUGHT,
  }
}

interface Found {
  readonly images: readonly AnnotatedImage[]
  /** Names, by id. */
  readonly categories: readonly string[]
}
const NONE: Found = { images: [], categories: [] }

async function readSplit(place: CocoConfig['test'], reader: ObjectReader): Promise<Found> {
  if (place === undefined) return NONE
  const bytes = await requireFile(reader, place.annotations)
  const where = `${reader.location}/${place.annotations}`
  const categories = [...parsedElements(bytes, where, categorySchema, 'categories')]
  const images = [...parsedElements(bytes, where, imageSchema, 'images')]
  onlyOnce(categories, ({ id }) => id, `${where} has category`)
  onlyOnce(categories, ({ name }) => name, `${where} has category`)
  onlyOnce(images, ({ id }) => id, `${where} has image`)
  onlyOnce(images, ({ file_name }) => file_name, `${where} has image`)
  const names = new Map(categories.map(({ id, name }) => [id, name]))
  const objects = new Map<number, NotedObject[]>(images.map(({ id }) => [id, []]))
  const seen = new Set<number>()
  for (const annotation of parsedElements(bytes, where, annotationSchema, 'annotations')) {
    const { id, image_id, category_id, bbox, area, iscrowd } = annotation
    if (seen.has(id)) throw twice(`${where} has annotation`, id)
    seen.add(id)
    const own = objects.get(image_id)
    if (own === undefined) throw stray(where, id, `image ${image_id}`)
    const name = names.get(category_id)
    if (name === undefined) throw stray(where, id, `category ${category_id}`)
    const [x, y, width, height] = bbox
    own.push({ id, name, box: [x, y, x + width, y + height], area, crowd: Boolean(iscrowd) })
  }
  return {
    categories: categories.toSorted((a, b) => a.id - b.id).map(({ name }) => name),
    images: images.map(({ id, file_name, height, width }) => ({
      name: file_name,
      image: imageKey(place.images, file_name, where),
      annotation: async () => ({
        where,
        noun: 'annotation',
        size: height && width ? { height, width } : undefined,
        objects: objects.get(id)!,
      }),
    })),
  }
}

const stray = (where: string, id: number, of: string) =>
  new TrellisError(
    'invalid-dataset',
    `${where}: annotation ${id} is of ${of}, which the file does not have`,
    {
      fix: `add the ${of.split(' ')[0]}, or remove the annotation`,
    },
  )
