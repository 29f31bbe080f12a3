import { IMAGE } from './image-format.ts'
import { prefixOf } from './keys-below.ts'
import type { FilePair } from './layout.ts'

/** Of a split, below the dataset's folder. */
interface Folders {
  readonly images: string
  readonly labels: string
}

const PNG = /\.png$/i
const SUFFIX = /\.[^./]*$/

/** Letters with accents have two forms in Unicode, and file systems differ in which they keep. */
export const inOneForm = (name: string): string => name.normalize('NFC')

/**
 * Pairs each image with the mask of its name, followed by `suffix` and `.png`.
 * @param images their keys @param others the keys of all files in the folder of masks
 */
export function pairFiles(
  images: readonly string[],
  others: readonly string[],
  folders: Folders,
  suffix: string,
): FilePair[] {
  const below = (folder: string, key: string) => key.slice(prefixOf(folder).length)
  const masks = new Map(
    others
      .filter((key) => PNG.test(key))
      .map((key) => [inOneForm(below(folders.labels, key).replace(PNG, '')), key]),
  )
  const there = new Set(others)
  const pairs = images.map((image): FilePair => {
    const name = below(folders.images, image).replace(IMAGE, '')
    const expected = `${prefixOf(folders.labels)}${name}${suffix}.png`
    const found = there.has(expected) ? undefined : masks.get(inOneForm(name + suffix))
    return { name, image, mask: found ?? expected }
  })
  if (pairs.every(({ mask }) => there.has(mask))) return pairs
  const similar = byPartOfName(others.map((key) => [below(folders.labels, key), key]))
  return pairs.map((pair) => {
    const other = there.has(pair.mask) ? undefined : similar.get(inOneForm(pair.name).toLowerCase())
    return other === undefined || other === pair.image
      ? pair
      : { ...pair, similar: { key: other, fix: AS_IMAGES } }
  })
}

const AS_IMAGES =
  'masks are PNGs with the names of their images, or with one suffix more: rename them, or name the suffix, as maskSuffix: _mask'

/** Keys of files, in small letters, by what comes before or after any mark in their names: `a_mask.png` by `a`, and by `mask`. */
function byPartOfName(files: readonly (readonly [name: string, key: string])[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, key] of files) {
    const folder = name.slice(0, name.lastIndexOf('/') + 1)
    const whole = name.slice(folder.length).replace(SUFFIX, '')
    const marks = [...whole.matchAll(/[^\p{L}\p{N}\p{M}]/gu)].map(({ index }) => index)
    const parts = marks.flatMap((mark) => [whole.slice(0, mark), whole.slice(mark + 1)])
    for (const part of [whole, ...parts]) {
      const known = inOneForm(folder + part).toLowerCase()
      if (!found.has(known)) found.set(known, key)
    }
  }
  return found
}
