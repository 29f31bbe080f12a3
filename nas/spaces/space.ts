import type { z } from 'zod'
import type { Random } from '../random.ts'

/**
 * A black-box search space: what a strategy needs to know of the architectures it proposes.
 * A genotype is plain, versioned JSON; `sample` and `mutate` give only genotypes that `schema` accepts.
 */
export interface Space<G> {
  readonly name: string
  readonly schema: z.ZodType<G>
  /** The number of genotypes. */
  readonly size: bigint
  /** The number of genes of a genotype: the choices that `mutate` can change. */
  readonly genes: number
  /** Uniform over the genotypes. */
  sample(rng: Random): G
  /** A genotype that differs from the given one in exactly `genes` genes (1 by default). */
  mutate(genotype: G, rng: Random, genes?: number): G
  /** Content hash of the network that a genotype denotes: genotypes of one network may share it, others never do. */
  key(genotype: G): string
}

/** A space whose genes fall into blocks, each of which can be drawn again while the others stay. */
export interface BlockSpace<G> extends Space<G> {
  /** In the order in which they are searched. */
  readonly blocks: readonly string[]
  /** The genotype with one block resampled; undefined where no draw is of the space. */
  resample(genotype: G, block: string, rng: Random): G | undefined
}
