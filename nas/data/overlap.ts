import type { Split } from './dataset.ts'

/** An image, by the SHA-256 of its file. */
export interface HashedImage {
  readonly split: Split
  readonly name: string
  readonly sha256: string
}

/** What to say of images that are judged on and trained on as well: scores of them are those of a memory. */
export function overlapOf(images: readonly HashedImage[]): string[] {
  const of = (split: Split) => images.filter((image) => image.split === split)
  const train = new Map(of('train').map((image) => [image.sha256, image.name]))
  return (['validation', 'test'] as const).flatMap((split) => {
    const judged = of(split)
    const known = judged.filter((image) => train.has(image.sha256))
    const [first] = known
    if (first === undefined) return []
    return [
      `${known.length} of ${judged.length} ${split} images are training images too, byte for byte ` +
        `(${first.name} is ${train.get(first.sha256)}): scores on them show what was memorised`,
    ]
  })
}
