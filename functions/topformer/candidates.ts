import { countTopformer } from '../../nas/nets/topformer/count.ts'
import type { NetworkCandidate } from '../../nas/pipelines/topformer/comparison.ts'
import { spaceOf } from '../../nas/pipelines/topformer/config.ts'
import { taskOf } from '../../nas/pipelines/topformer/latency.ts'
import type { TopformerRun } from '../../nas/pipelines/topformer/run.ts'
import { type Random, random } from '../../nas/random.ts'
import { costOf } from '../../nas/spaces/topformer/cost.ts'
import type { TopformerGenotype } from '../../nas/spaces/topformer/genotype.ts'
import { scaledTopformer, widthOf } from '../../nas/spaces/topformer/scaled.ts'
import { sample } from '../../nas/spaces/topformer/space.ts'
import type { Finalist } from './finalists.ts'

type Network = Omit<NetworkCandidate, 'trials'>

/** The networks that were found and, if they are wanted, baselines of about as many multiply-adds as the best under each limit. */
export function candidatesOf(
  record: TopformerRun,
  finalists: readonly Finalist[],
  withBaselines: boolean,
): readonly Network[] {
  const { config } = record
  const task = taskOf(record)
  const limits = config.search.limit.most
  return finalists.flatMap(({ search, genotype, score }, i): readonly Network[] => {
    const limit = limits.indexOf(search.limit.most)
    const isBest = finalists.findIndex((each) => each.search === search) === i
    const { multiplyAdds } = costOf(genotype, task)
    const found: Network = {
      role: 'searched',
      limit,
      network: { kind: 'genotype', genotype },
      inherited: score,
      multiplyAdds,
    }
    if (!withBaselines || !isBest) return [found]
    const drawn = Array.from({ length: config.baselines.random }, (_, i): Network => {
      const genotype = ofEqualCost(record, multiplyAdds, random(config.seed, 'random-baseline', limit, i))
      return {
        role: 'random',
        limit,
        network: { kind: 'genotype', genotype },
        inherited: null,
        multiplyAdds: costOf(genotype, task).multiplyAdds,
      }
    })
    return [
      found,
      ...(config.baselines.topformer ? [topformerOf(record, limit, multiplyAdds)] : []),
      ...drawn,
    ]
  })
}

function topformerOf(record: TopformerRun, limit: number, multiplyAdds: number): Network {
  const task = taskOf(record)
  const width = widthOf(multiplyAdds, task)
  const network = scaledTopformer(width, record.config.attentionScale)
  return {
    role: 'topformer',
    limit,
    network: { kind: 'scaled', width },
    inherited: null,
    multiplyAdds: countTopformer(network, [3, ...task.size], task.classes).multiplyAdds,
  }
}

/** Equal cost, near enough. */
const TOLERANCE = 0.05
const DRAWS = 10_000

/** The first of the draws that costs about as much as is wanted, or else the one that comes nearest. */
function ofEqualCost(record: TopformerRun, wanted: number, rng: Random): TopformerGenotype {
  const space = spaceOf(record.config)
  const task = taskOf(record)
  let nearest = { genotype: sample(space, rng), distance: Number.POSITIVE_INFINITY }
  for (let draw = 0; draw < DRAWS && nearest.distance > TOLERANCE * wanted; draw++) {
    const genotype = sample(space, rng)
    const distance = Math.abs(costOf(genotype, task).multiplyAdds - wanted)
    if (distance < nearest.distance) nearest = { genotype, distance }
  }
  return nearest.genotype
}
