import { z } from 'zod'
import { TrellisError } from '../../errors.ts'
import { random } from '../../random.ts'
import type { ObjectReader } from '../../store/store.ts'
import type { Split } from '../dataset.ts'
import { IMAGE } from '../image-format.ts'
import { listFolder, readLines } from '../layout.ts'
import type { Size } from './box.ts'
import type { VisualGenomeConfig } from './config.ts'
import {
  type AnnotatedImage,
  type BoxLayout,
  type NotedObject,
  onlyOnce,
  requireFile,
  twice,
} from './layout.ts'
import { parsedElements } from './parsed-elements.ts'

/** Of annotations and sizes, and of images. */
const FILES = ['objects.json', 'image_data.json'] as const
const FOLDERS = ['VG_100K', 'VG_100K_2'] as const

const side = z.int().positive()
const imageSchema = z.object({ image_id: z.int(), height: side, width: side })
const number = z.number()
const objectsSchema = z.object({
  image_id: z.int(),
  objects: z.array(
    z.object({
      object_id: z.int(),
      x: number,
      y: number,
      w: number,
      h: number,
      synsets: z.array(z.string()).optional(),
    }),
  ),
})
type Objects = z.infer<typeof objectsSchema>

/**
 * Visual Genome: an object is of its first synset, where that is one of the classes.
 * @param given the classes of networks that are judged
 */
export async function visualGenomeBoxes(
  config: VisualGenomeConfig,
  reader: ObjectReader,
  splits: readonly Split[],
  given?: readonly string[],
): Promise<BoxLayout> {
  const [objects, data] = await Promise.all(FILES.map((file) => requireFile(reader, file)))
  const [where, ofSizes] = FILES.map((file) => `${reader.location}/${file}`) as [string, string]
  const sizes = new Map<number, Size>()
  for (const { image_id, height, width } of parsedElements(data!, ofSizes, imageSchema)) {
    if (sizes.has(image_id)) throw twice(`${ofSizes} has image`, image_id)
    sizes.set(image_id, { height, width })
  }
  const ids = await idsOf(config, reader, [...sizes.keys()])
  const all = () => parsedElements(objects!, where, objectsSchema)
  const classes = given ?? classesOf(config.classes, all(), new Set(ids.train))
  const noted = objectsIn(all(), new Set(splits.flatMap((split) => ids[split])), new Set(classes), where)
  const keys = await keysById(reader)
  const images = (split: Split): AnnotatedImage[] =>
    splits.includes(split)
      ? ids[split].map((id) => ({
          name: String(id),
          image: keys.get(String(id)) ?? `${FOLDERS[0]}/${id}.jpg`,
          annotation: async () => ({
            where: `${where}: image ${id}`,
            noun: 'object',
            size: sizes.get(id),
            objects: noted.get(id) ?? [],
          }),
        }))
      : []
  return {
    classes,
    images: { train: images('train'), validation: images('validation'), test: images('test') },
    onUnknown: 'name another number of `classes`',
    dropsOutside: true,
  }
}

/** Which images are of which split. */
async function idsOf(
  { train, validation, test, seed }: VisualGenomeConfig,
  reader: ObjectReader,
  all: readonly number[],
): Promise<Readonly<Record<Split, readonly number[]>>> {
  const known = new Set(all)
  const listed = async (split: Split, key: string): Promise<readonly number[]> => {
    const lines = await readLines(reader, key, split)
    const where = `${reader.location}/${key}`
    onlyOnce(lines, (line) => line, `${where} lists`)
    const unknown = lines.find((line) => !known.has(Number(line)))
    if (unknown === undefined && lines.length > 0) return lines.map(Number)
    throw new TrellisError(
      'invalid-dataset',
      unknown === undefined
        ? `${where} lists no image`
        : `${where} lists ${unknown}, and image_data.json has no such image`,
      { fix: 'write the id of an image a line into it' },
    )
  }
  const without = (...taken: readonly (readonly number[])[]) => {
    const used = new Set(taken.flat())
    return all.filter((id) => !used.has(id))
  }
  const kept = test === undefined ? [] : await listed('test', test)
  const judged =
    typeof validation === 'string'
      ? await listed('validation', validation)
      : drawn(without(kept), validation, seed)
  return {
    train: train === undefined ? without(kept, judged) : await listed('train', train),
    validation: judged,
    test: kept,
  }
}

/** A part of the images, at least one. */
const drawn = (ids: readonly number[], part: number, seed: number): readonly number[] =>
  random(seed, 'visual-genome')
    .shuffle(ids.toSorted((a, b) => a - b))
    .slice(0, Math.max(1, Math.round(part * ids.length)))

/** The synsets that most objects of the training images have, those of equal number by name. */
function classesOf(
  classes: VisualGenomeConfig['classes'],
  all: Iterable<Objects>,
  train: ReadonlySet<number>,
): readonly string[] {
  if (typeof classes !== 'number') return classes
  const counts = new Map<string, number>()
  for (const { image_id, objects } of all) {
    if (!train.has(image_id)) continue
    for (const { synsets } of objects) {
      const name = synsets?.[0]
      if (name) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, classes)
    .map(([name]) => name)
}

/** By id of the image. */
function objectsIn(
  all: Iterable<Objects>,
  images: ReadonlySet<number>,
  classes: ReadonlySet<string>,
  where: string,
): ReadonlyMap<number, readonly NotedObject[]> {
  const found = new Map<number, readonly NotedObject[]>()
  for (const { image_id, objects } of all) {
    if (!images.has(image_id)) continue
    if (found.has(image_id)) throw twice(`${where} has image`, image_id)
    const own: NotedObject[] = []
    for (const { object_id, x, y, w, h, synsets } of objects) {
      const name = synsets?.[0]
      if (name && classes.has(name)) own.push({ id: object_id, name, box: [x, y, x + w, y + h] })
    }
    found.set(image_id, own)
  }
  return found
}

async function keysById(reader: ObjectReader): Promise<ReadonlyMap<string, string>> {
  const keys = await Promise.all(FOLDERS.map((folder) => listFolder(reader, folder)))
  return new Map(keys.flat().map((key) => [key.slice(key.lastIndexOf('/') + 1).replace(IMAGE, ''), key]))
}
