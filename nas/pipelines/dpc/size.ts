import type { SearchSize } from '../../runs/search-size.ts'
import { baselineCount, type DpcConfig } from './config.ts'

/** @param trials that the budget allows, where it does not say so itself */
export function dpcSize(config: DpcConfig, trials: number): SearchSize {
  const { search, rerank, budget, compute } = config
  const { top, seeds } = rerank
  return {
    trials: budget.trials ?? trials,
    perRound: search.perRound,
    trialsPerJob: search.trialsPerJob,
    concurrency: compute.concurrency ?? 1,
    contenders: (top + baselineCount(config)) * seeds.length,
  }
}
