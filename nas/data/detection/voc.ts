import type { Element } from '@xmldom/xmldom'
import pLimit from 'p-limit'
import { TrellisError } from '../../errors.ts'
import type { ObjectReader } from '../../store/store.ts'
import type { Split } from '../dataset.ts'
import { IMAGE } from '../image-format.ts'
import { bySplit, listFolder, readLines } from '../layout.ts'
import { inOneForm } from '../pair-files.ts'
import type { Size } from './box.ts'
import type { VocBoxesConfig } from './config.ts'
import {
  type AnnotatedImage,
  type Annotation,
  type BoxLayout,
  IS_OTHER,
  IS_UNTAUGHT,
  NO_IMAGES,
  type NotedObject,
  onlyOnce,
} from './layout.ts'
import { childrenOf, readXml, textIn } from './xml.ts'

/** Files that are read at once where all are: over a network each takes a while. */
const AT_ONCE = 16

/**
 * PASCAL VOC: lists in `ImageSets/Main`, an XML file an image in `Annotations`.
 * @param given the classes of networks that are judged
 */
export async function vocBoxes(
  config: VocBoxesConfig,
  reader: ObjectReader,
  splits: readonly Split[],
  given: readonly string[] | undefined = config.classes,
): Promise<BoxLayout> {
  const images = await bySplit(splits, NO_IMAGES, (split) => imagesOf(split, config[split], reader))
  return {
    images,
    classes: given ?? (await namesIn(images.train)),
    onUnknown: given ? IS_OTHER : IS_UNTAUGHT,
  }
}

/** The classes that training images show, sorted. */
async function namesIn(images: readonly AnnotatedImage[]): Promise<readonly string[]> {
  const limit = pLimit(AT_ONCE)
  const all = await limit.map(images, ({ annotation }) => annotation()).finally(() => limit.clearQueue())
  return [...new Set(all.flatMap(({ objects }) => objects.map(({ name }) => name)))].sort()
}

async function imagesOf(
  split: Split,
  list: string | undefined,
  reader: ObjectReader,
): Promise<readonly AnnotatedImage[]> {
  if (list === undefined) return NO_IMAGES
  const key = `ImageSets/Main/${list}.txt`
  const where = `${reader.location}/${key}`
  const names = await readLines(reader, key, split)
  if (names.length === 0) {
    throw new TrellisError('invalid-dataset', `${where} lists no image`, {
      fix: 'name another list in `train`, `validation` or `test` of the dataset',
    })
  }
  onlyOnce(names, (name) => name, `${where} lists`)
  const image = await finder('JPEGImages', IMAGE, reader)
  const annotation = await finder('Annotations', /\.xml$/i, reader)
  return names.map((name) => {
    const file = annotation(name)
    if (file === undefined) {
      const missing = `${reader.location}/Annotations/${name}.xml is missing`
      throw new TrellisError('invalid-dataset', `${where} lists ${name}, and ${missing}`, {
        fix: 'add the annotation, or strike the name; a list is a name of an image a line and nothing else',
      })
    }
    let noted: Promise<Annotation> | undefined
    return {
      name,
      image: image(name) ?? `JPEGImages/${name}.jpg`,
      annotation: () => {
        noted ??= readAnnotation(file, reader)
        return noted
      },
    }
  })
}

/**
 * Gives the key of a file in a folder by its name without suffix, whatever the form of its letters.
 * @throws TrellisError `invalid-dataset` where two have one name
 */
async function finder(
  folder: string,
  suffix: RegExp,
  reader: ObjectReader,
): Promise<(name: string) => string | undefined> {
  const keys = (await listFolder(reader, folder)).filter((key) => suffix.test(key))
  const nameOf = (key: string) => inOneForm(key.slice(folder.length + 1).replace(suffix, ''))
  onlyOnce(keys, nameOf, `${reader.location}/${folder} has`)
  const byName = new Map(keys.map((key) => [nameOf(key), key]))
  return (name) => byName.get(inOneForm(name))
}

async function readAnnotation(key: string, reader: ObjectReader): Promise<Annotation> {
  const bytes = await reader.get(key)
  const where = `${reader.location}/${key}`
  if (bytes === undefined)
    throw new TrellisError('invalid-dataset', `${where} is missing`, { fix: 'restore the file' })
  const root = readXml(bytes, 'annotation', where)
  const objects = childrenOf(root, 'object').map((object, i) => objectOf(object, i + 1, where))
  return { where, noun: 'object', size: sizeOf(childrenOf(root, 'size')[0]), objects }
}

/** Some programs write 0 where they do not know. */
function sizeOf(element: Element | undefined): Size | undefined {
  const [height, width] = ['height', 'width'].map((side) => Number(textIn(element, side)))
  return height && width ? { height, width } : undefined
}

/** Pixels are counted from 1, and the last belongs to the box. */
function objectOf(object: Element, id: number, where: string): NotedObject {
  const name = textIn(object, 'name')
  const corners = childrenOf(object, 'bndbox')[0]
  if (!name || corners === undefined) {
    throw new TrellisError('invalid-dataset', `${where}: object ${id} has no <${name ? 'bndbox' : 'name'}>`, {
      fix: 'correct or remove it',
    })
  }
  const edge = (side: string): number => {
    const text = textIn(corners, side)
    const value = Number(text)
    if (text && Number.isFinite(value)) return value
    throw new TrellisError('invalid-dataset', `${where}: object ${id} has no number in <${side}>`, {
      fix: 'correct or remove it',
    })
  }
  return {
    id,
    name,
    box: [edge('xmin') - 1, edge('ymin') - 1, edge('xmax'), edge('ymax')],
    difficult: textIn(object, 'difficult') === '1',
  }
}
