import { closest, distance } from 'fastest-levenshtein'

/** The known word that was probably meant; undefined where none is within `most` edits: beyond that a guess misleads. */
export function nearest(
  word: string,
  known: readonly string[],
  most = Math.max(2, word.length / 2),
): string | undefined {
  if (known.length === 0) return undefined
  const found = closest(word, known)
  return distance(word.toLowerCase(), found.toLowerCase()) <= most ? found : undefined
}
