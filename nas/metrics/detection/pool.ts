import { groupBy } from './group-by.ts'
import { type ClassMatches, type ImageMatches, OUTCOMES } from './match.ts'

/** One class in all images, its detections in descending order of score. */
export interface ClassPool {
  readonly label: number
  /** Index of the image of each detection, and its place among those of its class there. */
  readonly image: Int32Array
  readonly rank: Uint8Array
  /** [OUTCOMES, detections] */
  readonly outcomes: Uint8Array
  /** Truths that are to be found: of an image, by area. */
  readonly truths: readonly { readonly image: number; readonly counts: readonly number[] }[]
}

export interface Pool {
  readonly images: number
  readonly classes: readonly ClassPool[]
}

/** Sorts the detections of all images, once for any number of resamples. Of equal scores, the earlier image is first. */
export function pool(images: readonly ImageMatches[]): Pool {
  const found = images.flatMap((classes, image) => classes.map((matches) => ({ image, matches })))
  const classes = groupBy(found, ({ matches }) => matches.label)
  return {
    images: images.length,
    classes: [...classes].map(([label, parts]) => poolClass(label, parts)).sort((a, b) => a.label - b.label),
  }
}

interface Part {
  readonly image: number
  readonly matches: ClassMatches
}

function poolClass(label: number, parts: readonly Part[]): ClassPool {
  const places = parts.flatMap(({ image, matches }) =>
    Array.from(matches.scores, (score, rank) => ({ image, matches, score, rank })),
  )
  places.sort((a, b) => b.score - a.score)
  const outcomes = new Uint8Array(OUTCOMES * places.length)
  for (const [i, { matches, rank }] of places.entries())
    for (let o = 0; o < OUTCOMES; o++)
      outcomes[o * places.length + i] = matches.outcomes[rank * OUTCOMES + o]!
  return {
    label,
    image: Int32Array.from(places, ({ image }) => image),
    rank: Uint8Array.from(places, ({ rank }) => rank),
    outcomes,
    truths: parts.map(({ image, matches }) => ({ image, counts: matches.truths })),
  }
}
