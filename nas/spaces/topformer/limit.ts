import { TrellisError } from '../../errors.ts'
import type { Random } from '../../random.ts'
import { costOf, type TopformerCost, type TopformerTask } from './cost.ts'
import type { TopformerGenotype } from './genotype.ts'
import { sample, smallest, type TopformerSpace } from './space.ts'

/** What a network may cost: less than `most`, as in Algorithm 1. */
export interface Limit {
  readonly of: keyof TopformerCost
  readonly most: number
}

/** What is limited, in words. */
export const LIMITED: Readonly<Record<Limit['of'], string>> = {
  multiplyAdds: 'multiply-adds',
  flops: "FLOPs of mmcv's counter",
  parameters: 'parameters',
  latency: 'ms',
}

export const isWithin = (limit: Limit, task: TopformerTask) => (genotype: TopformerGenotype) =>
  limitedCost(genotype, limit.of, task) < limit.most

/** @throws RangeError for a latency where parts were not measured */
export function limitedCost(genotype: TopformerGenotype, of: Limit['of'], task: TopformerTask): number {
  const cost = costOf(genotype, task)[of]
  if (cost === undefined) throw new RangeError('the parts of the space were not measured')
  return cost
}

/** Draws until one is within a limit. A limit that one network of so many meets is met by the smallest alone, or nearly. */
const PATIENCE = 100_000

/**
 * The first of random draws that is wanted (rejection sampling, Algorithm 1); undefined where none is.
 */
export function firstWanted<G>(draw: () => G, wanted: (genotype: G) => boolean): G | undefined {
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    const genotype = draw()
    if (wanted(genotype)) return genotype
  }
  return undefined
}

/**
 * A network of the space within a limit, uniform over those.
 * @throws TrellisError `invalid-config` where there is none, or next to none
 */
export function sampleWithin(
  space: TopformerSpace,
  limit: Limit,
  task: TopformerTask,
  rng: Random,
): TopformerGenotype {
  const least = limitedCost(smallest(space), limit.of, task)
  const within = isWithin(limit, task)
  const found = least < limit.most ? firstWanted(() => sample(space, rng), within) : undefined
  if (found !== undefined) return found
  throw new TrellisError(
    'invalid-config',
    `${least < limit.most ? 'hardly any' : 'no'} network of the space has less than ${limit.most.toLocaleString('en-US')} ${LIMITED[limit.of]}: its smallest has ${least.toLocaleString('en-US')}`,
    { fix: 'raise the limit, or search a space with smaller networks' },
  )
}
