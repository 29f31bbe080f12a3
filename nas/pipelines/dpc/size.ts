import type { SearchSize } from '../../runs/search-size.ts'
import type { DpcConfig } from './config.ts'

/** @param trials that the budget allows, where it does not say so itself */
export function dpcSize({ search, rerank, budget, compute }: DpcConfig, trials: number): SearchSize {
  const { top, baselines, seeds } = rerank
  return {
    trials: budget.trials ?? trials,
    perRound: search.perRound,
    trialsPerJob: search.trialsPerJob,
    concurrency: compute.concurrency ?? 1,
    contenders: (top + Number(baselines.aspp) + baselines.random) * seeds.length,
  }
}
