import type { Random } from '../../random.ts'
import type { BlockSpace } from '../space.ts'
import type { TopformerTask } from './cost.ts'
import { SPACE, type TopformerGenotype, topformerGenotypeSchema } from './genotype.ts'
import { firstWanted, isWithin, type Limit, sampleWithin } from './limit.ts'
import { choicesOf, fromNumbers, numbersOf } from './numbers.ts'
import { combine, genotypeKey, HALVES, sample, spaceSize, type TopformerSpace, whyOutside } from './space.ts'

/** The networks of a space that are within a limit, with every number that can be chosen as a gene, in two blocks. */
export function limitedSpace(
  space: TopformerSpace,
  limit: Limit,
  task: TopformerTask,
): BlockSpace<TopformerGenotype> {
  const choices = choicesOf(space)
  const genes = [...choices.keys()].filter((i) => choices[i]!.choices.length > 1)
  const within = isWithin(limit, task)
  return {
    name: SPACE,
    schema: topformerGenotypeSchema.refine((genotype) => whyOutside(space, genotype) === undefined, {
      error: ({ input }) => `is not of the space: ${whyOutside(space, input as TopformerGenotype)}`,
    }),
    // Of those within the limit, how many there are is not known.
    size: spaceSize(space).all,
    genes: genes.length,
    sample: (rng) => sampleWithin(space, limit, task, rng),
    // Where every neighbour is beyond the limit, another network takes its place.
    mutate: (genotype, rng, changes = 1) =>
      firstWanted(() => mutated(genotype, rng, changes), within) ?? sampleWithin(space, limit, task, rng),
    key: genotypeKey,
    blocks: HALVES,
    resample: (genotype, half, rng) =>
      firstWanted(() => {
        const drawn = sample(space, rng)
        return half === 'cnn' ? combine(drawn, genotype) : combine(genotype, drawn)
      }, within),
  }

  function mutated(genotype: TopformerGenotype, rng: Random, changes: number): TopformerGenotype {
    const changed = new Set(rng.shuffle(genes).slice(0, changes))
    const numbers = numbersOf(genotype).map((present, i) =>
      changed.has(i) ? rng.pick(choices[i]!.choices.filter((other) => other !== present)) : present,
    )
    return fromNumbers(space, numbers)
  }
}
