import type { SearchSize } from '../../runs/search-size.ts'
import { roundsOf, type TopformerConfig } from './config.ts'

/** Evaluations of all searches; then the networks found and their baselines are trained, with every seed. */
export function topformerSize(config: TopformerConfig): SearchSize {
  const { search, retrain, compute } = config
  const searches = search.limit.most.length * (1 + search.besides.length)
  const perRound = searches * search.samples
  return {
    trials: perRound * roundsOf(config),
    perRound,
    trialsPerJob: search.trialsPerJob,
    concurrency: compute.concurrency ?? 1,
    contenders: networksCompared(config) * retrain.seeds.length,
  }
}

/** How many networks are trained in full. */
export const networksCompared = ({
  search,
  retrain,
  baselines,
}: Pick<TopformerConfig, 'search' | 'retrain' | 'baselines'>): number =>
  search.limit.most.length * (retrain.top + Number(baselines.topformer) + baselines.random)
