import { z } from 'zod'
import type { CocoTruth } from '../../nas/metrics/detection/boxes.ts'
import { WORDS } from '../../nas/words.ts'
import { counted } from '../../report/format.ts'
import { bboxSchema } from './bbox.ts'
import { parseEntries, readJsonFile, refused } from './read-file.ts'

const FIX = "after --truth, name annotations in COCO's format, such as instances_val2017.json"

const fileSchema = z.object({
  images: z.array(z.unknown()),
  annotations: z.array(z.unknown()),
  categories: z.array(z.unknown()),
})

const imageSchema = z.object({ id: z.int() })
const categorySchema = z.object({ id: z.int(), name: z.string() })

/** pycocotools needs an area, too; that of the box is another number, by which objects would be small that are not. */
const annotationSchema = z.object({
  id: z.int(),
  image_id: z.int(),
  category_id: z.int(),
  bbox: bboxSchema,
  area: z.number({ error: withoutArea }).nonnegative(),
  iscrowd: z.union([z.literal(0), z.literal(1), z.boolean()]).default(0),
})

function withoutArea({ input }: { readonly input?: unknown }): string | undefined {
  return input === undefined
    ? 'is missing: of the object, in pixels; of its box where no other is known'
    : undefined
}

type Annotation = z.infer<typeof annotationSchema>

export interface TruthFile {
  readonly images: ReadonlySet<number>
  /** Names by number, in ascending order. */
  readonly categories: ReadonlyMap<number, string>
  readonly truths: readonly CocoTruth[]
  /** In words. */
  readonly warnings: readonly string[]
}

/**
 * Annotations in COCO's format.
 * @throws TrellisError `invalid-dataset` for a file that has another form, or numbers two things alike
 */
export function readTruthFile(path: string): TruthFile {
  const json = readJsonFile(path, 'file of annotations', FIX)
  if (Array.isArray(json))
    throw refused(`${path} is a list, as detections are, and not annotations: are the two swapped?`, FIX)
  const file = fileSchema.safeParse(json, WORDS)
  if (!file.success) {
    const { path: keys, message } = file.error.issues[0]!
    throw refused(`${path}: ${[...keys, message].join(' ')}`, FIX, file.error)
  }
  return truthsOf(path, file.data)
}

function truthsOf(path: string, file: z.infer<typeof fileSchema>): TruthFile {
  const entries = <T>(key: keyof typeof file, schema: z.ZodType<T>) =>
    parseEntries(file[key], schema, (i) => `${path}: ${key}[${i}]${idOf(file[key][i])}`, FIX)
  const images = entries('images', imageSchema)
  const categories = entries('categories', categorySchema)
  const annotations = entries('annotations', annotationSchema)
  for (const [what, all] of Object.entries({ image: images, category: categories, annotation: annotations }))
    checkNumbers(path, what, all)
  const listed = new Set(images.map(({ id }) => id))
  const names = new Map(categories.toSorted((a, b) => a.id - b.id).map(({ id, name }) => [id, name]))
  const scored = annotations.filter((each) => listed.has(each.image_id) && names.has(each.category_id))
  return {
    images: listed,
    categories: names,
    truths: scored.map(truthOf),
    warnings: warningsOf(path, annotations.length - scored.length, scored),
  }
}

/** The number of an entry whose form is wrong elsewhere. */
function idOf(entry: unknown): string {
  const parsed = z.object({ id: z.int() }).safeParse(entry)
  return parsed.success ? ` (id ${parsed.data.id})` : ''
}

const truthOf = ({ image_id, category_id, bbox, area, iscrowd }: Annotation): CocoTruth => ({
  image: image_id,
  label: category_id,
  bbox,
  area,
  crowd: Boolean(iscrowd),
})

function checkNumbers(path: string, what: string, entries: readonly { readonly id: number }[]): void {
  const seen = new Set<number>()
  for (const { id } of entries) {
    if (seen.has(id)) throw refused(`${path} has two entries of ${what} ${id}`, 'number each once')
    seen.add(id)
  }
}

/** What COCO's own evaluation passes over in silence. */
const warningsOf = (path: string, unlisted: number, scored: readonly Annotation[]): readonly string[] => [
  ...(unlisted === 0
    ? []
    : [
        `${path}: ${counted(unlisted, 'annotation')} of images or categories that it does not list: left out`,
      ]),
  ...(scored.some(({ id }) => id === 0)
    ? [
        `${path}: annotation 0 counts here; pycocotools takes whatever finds it for wrong, so that its scores are lower`,
      ]
    : []),
]
