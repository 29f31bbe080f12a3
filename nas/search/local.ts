import { z } from 'zod'
import { count } from '../bounds.ts'
import { TrellisError } from '../errors.ts'
import { type Policy, ranked } from './policy.ts'

export const localConfigSchema = z.strictObject({
  kind: z.literal('local').describe('uniform draws, and proposals near the best (DPC section 3.2)'),
  epsilon: z.number().min(0).max(1).default(0.5).describe('part of the proposals that are near the best'),
  incumbents: count(1_000_000).default(5).describe('how many of the best are mutated'),
  genes: count(100).default(1).describe('inputs or operations of branches that a mutation changes'),
})

/**
 * DPC's search (section 3.2): points "uniformly at random as well as [...] some points near the currently best observed
 * architectures". The paper says neither how many nor how near, so both are settings.
 */
export const localPolicy = ({ epsilon, incumbents, genes }: z.output<typeof localConfigSchema>): Policy => ({
  look(space, results, rng) {
    if (genes > space.genes) {
      throw new TrellisError(
        'invalid-config',
        `local search is to change ${genes} genes, but an architecture of ${space.name} has ${space.genes}`,
        { fix: `set genes to ${space.genes} or less` },
      )
    }
    const best = ranked(results).slice(0, incumbents)
    const near = () => space.mutate(rng.pick(best).genotype, rng, genes)
    const anywhere = () => space.sample(rng)
    return () => (best.length > 0 && rng.uniform() < epsilon ? near : anywhere)
  },
  // Equals stay in the order of their proposals.
  keep: (results) => ranked(results).slice(0, incumbents),
})
