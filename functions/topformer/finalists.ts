import { descentsOf } from '../../nas/pipelines/topformer/history.ts'
import { isScored, type RoundResults, type Scored } from '../../nas/pipelines/topformer/round.ts'
import type { TopformerRun } from '../../nas/pipelines/topformer/run.ts'
import { isDescent, type Search, searchesOf } from '../../nas/pipelines/topformer/searches.ts'
import { ranked } from '../../nas/search/policy.ts'
import { genotypeKey } from '../../nas/spaces/topformer/space.ts'

export interface Finalist {
  readonly search: Search
  readonly genotype: Scored['genotype']
  readonly score: number
}

/**
 * The network that coordinate descent has found under each limit: of one supernet, the best that was evaluated. Scores by two
 * supernets do not compare, so of a pair it is the network with which the descent ended. No limit is here under which every evaluation failed.
 */
export function finalistsOf(record: TopformerRun, results: readonly RoundResults[]): readonly Finalist[] {
  return (
    searchesOf(record)
      .filter(isDescent)
      .flatMap((search) => {
        const evaluated = results.map(({ searches }) => searches[search.index]!)
        if (record.config.supernet.halves === 'shared') {
          const [best] = ranked(evaluated.flat().filter(isScored))
          return best === undefined ? [] : [{ search, genotype: best.genotype, score: best.score }]
        }
        const { incumbent, score } = descentsOf(record, search, evaluated).at(-1)!
        return score === null ? [] : [{ search, genotype: incumbent, score }]
      })
      // One network may be the best under several limits.
      .filter(
        ({ genotype }, i, all) =>
          all.findIndex((other) => genotypeKey(other.genotype) === genotypeKey(genotype)) === i,
      )
  )
}
