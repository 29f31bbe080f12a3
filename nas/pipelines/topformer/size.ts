import type { SearchSize } from '../../runs/search-size.ts'
import { roundsOf, type TopformerConfig } from './config.ts'

/** Evaluations of all searches; then the networks found and their baselines are trained, with every seed. */
export function topformerSize(config: TopformerConfig): SearchSize {
  const { search, baselines, retrain, compute } = config
  const searches = search.limit.most.length * (1 + search.besides.length)
  const perRound = searches * search.samples
  return {
    trials: perRound * roundsOf(config),
    perRound,
    trialsPerJob: search.trialsPerJob,
    concurrency: compute.concurrency ?? 1,
    contenders: networksCompared({ search, baselines }) * retrain.seeds.length,
  }
}

/** How many networks are trained in full. */
export const networksCompared = ({
  search,
  baselines,
}: Pick<TopformerConfig, 'search' | 'baselines'>): number =>
  search.limit.most.length * (1 + Number(baselines.topformer) + baselines.random)
