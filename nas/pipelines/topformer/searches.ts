import type { StrategyConfig } from '../../search/strategy.ts'
import type { BlockSpace } from '../../spaces/space.ts'
import type { TopformerTask } from '../../spaces/topformer/cost.ts'
import { limitedSpace } from '../../spaces/topformer/genes.ts'
import type { TopformerGenotype } from '../../spaces/topformer/genotype.ts'
import type { Limit } from '../../spaces/topformer/limit.ts'
import { spaceOf, type TopformerConfig } from './config.ts'
import { taskOf } from './latency.ts'
import type { TopformerRun } from './run.ts'

type Besides = TopformerConfig['search']['besides'][number]

/** One of the searches that a run makes side by side: one by coordinate descent, and those besides it, for each limit. */
export interface Search {
  /** Among all of a run, from 0; the seeds of its draws have it. */
  readonly index: number
  readonly limit: Limit
  readonly strategy: { readonly kind: 'coordinate-descent' } | (Besides & StrategyConfig)
  readonly space: BlockSpace<TopformerGenotype>
}

/** @param task with latencies, where they are limited and networks are drawn */
export function searchesOf(record: TopformerRun, task: TopformerTask = taskOf(record)): readonly Search[] {
  const { search } = record.config
  const strategies = [{ kind: 'coordinate-descent' } as const, ...search.besides]
  return search.limit.most
    .flatMap((most) => strategies.map((strategy) => ({ limit: { of: search.limit.of, most }, strategy })))
    .map((each, index) => ({
      index,
      ...each,
      space: limitedSpace(spaceOf(record.config), each.limit, task),
    }))
}

export const isDescent = ({ strategy }: Search): boolean => strategy.kind === 'coordinate-descent'
