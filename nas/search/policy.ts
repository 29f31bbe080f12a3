import type { Random } from '../random.ts'
import type { Space } from '../spaces/space.ts'

/** What became of a candidate. Scores are better the higher they are; a failed trial has none. */
export interface Result<G> {
  readonly genotype: G
  readonly score: number | undefined
}

/** Gives an architecture, perhaps one that it gave before. */
export type Source<G> = () => G

/**
 * Where a strategy looks, given all results so far, oldest proposal first: for each candidate that it is to propose, a
 * source to draw from until it gives one that is new.
 */
export type Policy = <G>(space: Space<G>, results: readonly Result<G>[], rng: Random) => () => Source<G>

export interface Scored<G> extends Result<G> {
  readonly score: number
}

/** The results that can be a parent: failed trials never are. */
export const succeeded = <G>(results: readonly Result<G>[]): readonly Scored<G>[] =>
  results.filter((result): result is Scored<G> => result.score !== undefined)

/** Best first; among equals, oldest first. */
export const ranked = <G>(results: readonly Result<G>[]): readonly Scored<G>[] =>
  [...succeeded(results)].sort((a, b) => b.score - a.score)
