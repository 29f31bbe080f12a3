import type { Box } from '../../boxes/boxes.ts'
import { TrellisError } from '../../errors.ts'
import type { ObjectReader } from '../../store/store.ts'
import type { Split } from '../dataset.ts'
import { keyBelow, prefixOf } from '../keys-below.ts'
import type { Size } from './box.ts'

/** One thing as its file describes it, before that is checked. */
export interface NotedObject {
  /** Its number or id in the file. */
  readonly id: number
  /** The name of its class. */
  readonly name: string
  readonly box: Box
  readonly crowd?: boolean
  readonly difficult?: boolean
  /** Of the thing, square pixels; default that of the box. */
  readonly area?: number | undefined
}

/** What is noted of one image. */
export interface Annotation {
  /** The file that says so, and what it calls its objects: for errors. */
  readonly where: string
  readonly noun: 'object' | 'annotation' | 'label'
  /** Of the image; undefined where that is not noted. */
  readonly size?: Size | undefined
  readonly objects: readonly NotedObject[]
}

export interface AnnotatedImage {
  /** Unique in its split. */
  readonly name: string
  /** Key of the image. */
  readonly image: string
  annotation(): Promise<Annotation>
}

/** Images and boxes of a dataset: all that differs between kinds of datasets on disk. */
export interface BoxLayout {
  readonly classes: readonly string[]
  readonly images: Readonly<Record<Split, readonly AnnotatedImage[]>>
  /** What to do about a box of another class. */
  readonly onUnknown: string
  /** Whether boxes outside of their images are dropped: nobody can correct those of millions that a crowd has drawn. */
  readonly dropsOutside?: boolean
}

export const NO_IMAGES: readonly AnnotatedImage[] = []

export const IS_OTHER =
  'correct the name if it is misspelt, add it to `classes` of the dataset, or remove the box'
export const IS_UNTAUGHT =
  'correct the name if it is misspelt, give the class training images, or remove the box'

/**
 * The key of an image that a file names, below the folder of images.
 * @throws TrellisError `invalid-dataset` for one outside of it
 */
export function imageKey(folder: string, name: string, where: string): string {
  const below = keyBelow(folder, name)
  if (below !== '.' && !/^\.\.(\/|$)/.test(below)) return `${prefixOf(folder)}${below}`
  throw new TrellisError('invalid-dataset', `${where} names image ${name}, which lies outside of ${folder}`, {
    fix: 'write the path of each image below the folder of images',
  })
}

/** @throws TrellisError `invalid-dataset` for a file that is missing */
export async function requireFile(reader: ObjectReader, key: string): Promise<Uint8Array> {
  const bytes = await reader.get(key)
  if (bytes !== undefined) return bytes
  throw new TrellisError('invalid-dataset', `there is no ${reader.location}/${key}`, {
    fix: 'check `path` of the dataset and its `kind`, or name the file',
  })
}

/** @throws TrellisError `invalid-dataset` where an item has the key of an earlier one */
export function onlyOnce<T>(items: readonly T[], keyOf: (item: T) => string | number, what: string): void {
  const seen = new Set<string | number>()
  for (const item of items) {
    const key = keyOf(item)
    if (seen.has(key)) throw twice(what, key)
    seen.add(key)
  }
}

export const twice = (what: string, key: string | number) =>
  new TrellisError('invalid-dataset', `${what} ${key} twice`, { fix: 'remove one of the two' })
