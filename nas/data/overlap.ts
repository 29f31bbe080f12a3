import type { Split } from './dataset.ts'

/** An image, by the SHA-256 of its file. */
export interface HashedImage {
  readonly split: Split
  readonly name: string
  readonly sha256: string
}

const MEMORISED = 'training images too, byte for byte (%): scores on them show what was memorised'
const CHOSEN_BY = 'validation images too, byte for byte (%): scores on them favour what the search chose'

/** Splits that should have no image in common: one that judges, what its images must not be, and what to say where they are. */
const APART: readonly (readonly [judging: Split, used: Split, words: string])[] = [
  ['validation', 'train', MEMORISED],
  ['test', 'train', MEMORISED],
  ['test', 'validation', CHOSEN_BY],
]

/** What to say of images that judge what they have themselves led to. */
export function overlapOf(images: readonly HashedImage[]): string[] {
  const of = (split: Split) => images.filter((image) => image.split === split)
  return APART.flatMap(([judging, used, words]) => {
    const names = new Map(of(used).map((image) => [image.sha256, image.name]))
    const judged = of(judging)
    const known = judged.filter((image) => names.has(image.sha256))
    const [first] = known
    if (first === undefined) return []
    const other = names.get(first.sha256)
    const example = other === first.name ? first.name : `${first.name} is ${other}`
    return [`${known.length} of ${judged.length} ${judging} images are ${words.replace('%', () => example)}`]
  })
}
