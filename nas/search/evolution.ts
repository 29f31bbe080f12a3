import { z } from 'zod'
import { count } from '../bounds.ts'
import { type Policy, ranked, succeeded } from './policy.ts'

export const evolutionConfigSchema = z.strictObject({
  kind: z.literal('evolution').describe('regularised evolution (Real et al. 2019)'),
  population: count(1_000_000)
    .default(100)
    .describe('the youngest so many trials that succeeded may be parents'),
  tournament: count(10_000)
    .default(25)
    .describe('so many of them are drawn, and the best of these is the parent'),
})

/**
 * Regularised (ageing) evolution (Real et al. 2019, algorithm 1): the best of S models, drawn with replacement from the
 * P youngest, has a child that differs in one gene; whoever is not among the P youngest is dead, however good.
 *
 * A round replaces as many models as it has candidates, where the paper replaces one: keep it well below P.
 */
export const evolutionPolicy = ({
  population,
  tournament,
}: z.output<typeof evolutionConfigSchema>): Policy => ({
  look(space, results, rng) {
    const alive = succeeded(results).slice(-population)
    const anywhere = () => space.sample(rng)
    const child = () => {
      const [parent] = ranked(Array.from({ length: tournament }, () => rng.pick(alive)))
      return space.mutate(parent!.genotype, rng)
    }
    return () => (alive.length < population ? anywhere : child)
  },
  keep: (results) => succeeded(results).slice(-population),
})
