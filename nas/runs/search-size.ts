import { z } from 'zod'

/**
 * The proof of limits lists the trials of a job one by one, and multiplies sizes: up to here it is quick and its arithmetic
 * exact. The search of the paper tried 28,000 (DPC section 4.2).
 */
const LARGEST = 1_000_000

const count = z.int().positive().max(LARGEST)

/** How large a search can get: all that the limits of AWS depend on. */
export const searchSizeSchema = z
  .strictObject({
    trials: count.default(4000).describe('candidates in all'),
    perRound: count.default(64).describe('candidates of a round; as many rounds as that takes'),
    trialsPerJob: count.default(4).describe('candidates that share a job'),
    concurrency: count.default(64).describe('jobs at once'),
    contenders: count
      .default(64)
      .describe('trainings of a comparison: candidates and baselines, with every seed'),
  })
  .readonly()
export type SearchSize = z.infer<typeof searchSizeSchema>
