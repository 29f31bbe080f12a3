import type { NetworkCandidate } from '../../nas/pipelines/topformer/comparison.ts'
import { spaceOf } from '../../nas/pipelines/topformer/config.ts'
import type { TopformerRun } from '../../nas/pipelines/topformer/run.ts'
import type { TrainedNetwork } from '../../nas/pipelines/topformer/specs.ts'
import { shareStarted } from '../../nas/pipelines/topformer/starting-weights.ts'
import { type Random, random } from '../../nas/random.ts'
import { costOf, type TopformerTask } from '../../nas/spaces/topformer/cost.ts'
import type { TopformerGenotype } from '../../nas/spaces/topformer/genotype.ts'
import { type Limit, limitedCost } from '../../nas/spaces/topformer/limit.ts'
import { scaledCost, widthOf } from '../../nas/spaces/topformer/scaled.ts'
import { sample } from '../../nas/spaces/topformer/space.ts'
import type { Finalist } from './finalists.ts'

type Network = Omit<NetworkCandidate, 'trials'>

/**
 * The networks that were found and, if they are wanted, baselines that cost about as much as the best under each limit, of what is
 * limited. Of TopFormer no part is measured: where latency is limited, it has as many multiply-adds.
 * @param task with latencies, where they are limited
 */
export function candidatesOf(
  record: TopformerRun,
  finalists: readonly Finalist[],
  task: TopformerTask,
  withBaselines: boolean,
): readonly Network[] {
  const { config } = record
  const limits = config.search.limit.most
  return finalists.flatMap(({ search, genotype, score }, i): readonly Network[] => {
    const { of, most } = search.limit
    const limit = limits.indexOf(most)
    const isBest = finalists.findIndex((each) => each.search === search) === i
    const networkOf = (
      role: Network['role'],
      network: TrainedNetwork,
      multiplyAdds: number,
      inherited: number | null = null,
    ): Network => ({ role, limit, network, inherited, multiplyAdds, ...startOf(record, network) })
    const drawn = (role: Network['role'], genotype: TopformerGenotype, inherited?: number) =>
      networkOf(role, { kind: 'genotype', genotype }, costOf(genotype, task).multiplyAdds, inherited)
    const found = drawn('searched', genotype, score)
    if (!withBaselines || !isBest) return [found]
    const wanted = limitedCost(genotype, of, task)
    const scaled = () => {
      const width =
        of === 'latency' ? widthOf(found.multiplyAdds, 'multiplyAdds', task) : widthOf(wanted, of, task)
      return networkOf('topformer', { kind: 'scaled', width }, scaledCost(width, task).multiplyAdds)
    }
    return [
      found,
      ...(config.baselines.topformer ? [scaled()] : []),
      ...Array.from({ length: config.baselines.random }, (_, i) =>
        drawn(
          'random',
          ofEqualCost(record, { of, wanted }, task, random(config.seed, 'random-baseline', limit, i)),
        ),
      ),
    ]
  })
}

/** How much of a network starts from what was pretrained; nothing where nothing was. */
const startOf = (record: TopformerRun, network: TrainedNetwork): Pick<Network, 'pretrained'> =>
  record.config.pretrain === undefined ? {} : { pretrained: shareStarted(record, network) }

/** Equal cost, near enough. */
const TOLERANCE = 0.05
const DRAWS = 10_000

/** The first of the draws that costs about as much as is wanted, or else the one that comes nearest. */
function ofEqualCost(
  record: TopformerRun,
  { of, wanted }: { readonly of: Limit['of']; readonly wanted: number },
  task: TopformerTask,
  rng: Random,
): TopformerGenotype {
  const space = spaceOf(record.config)
  let nearest = { genotype: sample(space, rng), distance: Number.POSITIVE_INFINITY }
  for (let draw = 0; draw < DRAWS && nearest.distance > TOLERANCE * wanted; draw++) {
    const genotype = sample(space, rng)
    const distance = Math.abs(limitedCost(genotype, of, task) - wanted)
    if (distance < nearest.distance) nearest = { genotype, distance }
  }
  return nearest.genotype
}
