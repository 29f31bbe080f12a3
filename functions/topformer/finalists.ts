import { descentsOf } from '../../nas/pipelines/topformer/history.ts'
import type { RoundResults, Scored } from '../../nas/pipelines/topformer/round.ts'
import type { TopformerRun } from '../../nas/pipelines/topformer/run.ts'
import { isDescent, type Search, searchesOf } from '../../nas/pipelines/topformer/searches.ts'
import { isScored } from '../../nas/runs/rounds.ts'
import { ranked } from '../../nas/search/policy.ts'
import type { TopformerTask } from '../../nas/spaces/topformer/cost.ts'
import { genotypeKey } from '../../nas/spaces/topformer/space.ts'

export interface Finalist {
  readonly search: Search
  readonly genotype: Scored['genotype']
  readonly score: number
}

/**
 * The networks that coordinate descent has found under each limit, the best first: of one supernet, the best that were evaluated. Scores
 * by two supernets do not compare, so of a pair they are the network with which the descent ended, and the best of its last half-step.
 * No limit is here under which every evaluation failed.
 */
export function finalistsOf(
  record: TopformerRun,
  results: readonly RoundResults[],
  task: TopformerTask,
): readonly Finalist[] {
  const taken = new Set<string>()
  return searchesOf(record, task)
    .filter(isDescent)
    .flatMap((search) => {
      // One network may be among the best under several limits.
      const others = foundBy(record, search, results).filter(
        ({ genotype }) => !taken.has(genotypeKey(genotype)),
      )
      const best = [...new Map(others.map((each) => [genotypeKey(each.genotype), each])).values()]
      const chosen = best.slice(0, record.config.retrain.top)
      for (const { genotype } of chosen) taken.add(genotypeKey(genotype))
      return chosen.map(({ genotype, score }) => ({ search, genotype, score }))
    })
}

type Found = Pick<Finalist, 'genotype' | 'score'>

function foundBy(record: TopformerRun, search: Search, results: readonly RoundResults[]): readonly Found[] {
  const evaluated = results.map(({ searches }) => searches[search.index]!)
  if (record.config.supernet.halves === 'shared') return ranked(evaluated.flat().filter(isScored))
  const { incumbent, score } = descentsOf(record, search, evaluated).at(-1)!
  if (score === null) return []
  return [{ genotype: incumbent, score }, ...ranked((evaluated.at(-1) ?? []).filter(isScored))]
}
