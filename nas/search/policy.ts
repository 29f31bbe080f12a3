import type { Random } from '../random.ts'
import type { Space } from '../spaces/space.ts'

/** What became of a candidate. Scores are better the higher they are; a failed trial has none. */
export interface Result<G> {
  readonly genotype: G
  readonly score: number | undefined
}

/** Gives an architecture, perhaps one that it gave before. */
export type Source<G> = () => G

/** Where a strategy looks, given results so far, oldest proposal first. */
export interface Policy {
  /** For each candidate that the strategy is to propose, a source to draw from until it gives one that is new. */
  look<G>(space: Space<G>, results: readonly Result<G>[], rng: Random): () => Source<G>
  /** Those of the results that it looks at, now or when others have joined them: it looks alike without the rest. */
  keep<R extends Result<unknown>>(results: readonly R[]): readonly Scored<R>[]
}

export type Scored<R> = R & { readonly score: number }

/** The results that can be a parent: failed trials never are. */
export const succeeded = <R extends Result<unknown>>(results: readonly R[]): readonly Scored<R>[] =>
  results.filter((result): result is Scored<R> => result.score !== undefined)

/** Best first; among equals, oldest first. */
export const ranked = <R extends Result<unknown>>(results: readonly R[]): readonly Scored<R>[] =>
  [...succeeded(results)].sort((a, b) => b.score - a.score)
