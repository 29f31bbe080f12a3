import { z } from 'zod'
import type { DpcConfig } from '../../nas/pipelines/dpc/config.ts'

const count = z.int().positive()

/** How large a search can get: all that the limits of AWS depend on. */
export const searchSizeSchema = z
  .strictObject({
    trials: count.default(4000).describe('candidates in all'),
    perRound: count.default(64).describe('candidates of a round; as many rounds as that takes'),
    trialsPerJob: count.default(4).describe('candidates that share a job'),
    concurrency: count.default(64).describe('jobs at once'),
    contenders: count.default(64).describe('trainings of a re-ranking: cells and baselines, with every seed'),
  })
  .readonly()
export type SearchSize = z.infer<typeof searchSizeSchema>

/** The size of a run of `dpc`, whose rounds make it the largest. @param trials that its budget allows, where it does not say so itself: see `estimate` */
export function sizeOf({ search, rerank, budget, compute }: DpcConfig, trials: number): SearchSize {
  const { top, baselines, seeds } = rerank
  return {
    trials: budget.trials ?? trials,
    perRound: search.perRound,
    trialsPerJob: search.trialsPerJob,
    concurrency: compute.concurrency ?? 1,
    contenders: (top + Number(baselines.aspp) + baselines.random) * seeds.length,
  }
}

export const roundsOf = ({ trials, perRound }: SearchSize): number => Math.ceil(trials / perRound)

/** The jobs that one map starts at most: those of a round, or those of a re-ranking with one training each. */
export const shardsOf = ({ perRound, trialsPerJob, contenders }: SearchSize): number =>
  Math.max(Math.ceil(perRound / trialsPerJob), contenders)
