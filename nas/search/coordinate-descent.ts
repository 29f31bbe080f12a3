import type { Random } from '../random.ts'
import type { BlockSpace, Space } from '../spaces/space.ts'
import { type Result, ranked } from './policy.ts'

/** Where coordinate descent stands between two steps. */
export interface Descent<G> {
  readonly incumbent: G
  /** Null for the genotype that the search starts from. */
  readonly score: number | null
}

/** The first genotype of Algorithm 1 of Efficient-TopFormer: a random one. */
export const startDescent = <G>(space: Space<G>, rng: Random): Descent<G> => ({
  incumbent: space.sample(rng),
  score: null,
})

/** The block that a step samples, counted from 0: cyclic coordinate descent (section 3.2). */
export const blockOf = <B extends string>({ blocks }: { readonly blocks: readonly B[] }, step: number): B =>
  blocks[step % blocks.length]!

/** So many draws in a row that are known already are taken to mean that there are no others. */
const PATIENCE = 1000

/**
 * Candidates of a step (Algorithm 1): one block is sampled, the others are the incumbent's. All differ; there are fewer where
 * the space has no more.
 */
export function sampleBlock<G>(
  space: BlockSpace<G>,
  { incumbent }: Descent<G>,
  block: string,
  samples: number,
  rng: Random,
): readonly G[] {
  const found = new Map<string, G>()
  for (let known = 0; known < PATIENCE && found.size < samples; ) {
    const drawn = space.resample(incumbent, block, rng)
    if (drawn === undefined) break
    const key = space.key(drawn)
    known = found.has(key) ? known + 1 : 0
    found.set(key, drawn)
  }
  return [...found.values()]
}

/**
 * The best candidate is fixed for the next step. The incumbent stays where it is better and is kept, which the released code
 * does not do, or where every candidate has failed.
 */
export function descend<G>(
  descent: Descent<G>,
  results: readonly Result<G>[],
  keepIncumbent: boolean,
): Descent<G> {
  const [best] = ranked(results)
  if (best === undefined) return descent
  if (keepIncumbent && descent.score !== null && descent.score >= best.score) return descent
  return { incumbent: best.genotype, score: best.score }
}
