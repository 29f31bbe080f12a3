import { z } from 'zod'
import { totalsSchema } from './ledger.ts'
import { winnerSchema } from './rerank.ts'

const unit = z.number().min(0).max(1)

/** What a run found and what it cost. */
export const summarySchema = z
  .strictObject({
    run: z.string(),
    status: z.enum(['succeeded', 'failed']),
    error: z.string().optional().describe('what ended a failed run'),
    stopped: z.string().nullable().describe('why the search stopped; null where it did not get so far'),
    trials: z
      .strictObject({ tried: z.int(), succeeded: z.int(), failed: z.int(), best: unit.nullable() })
      .readonly()
      .describe('on the proxy task'),
    winner: winnerSchema.nullable(),
    baselines: z
      .array(z.strictObject({ role: z.enum(['aspp', 'random']), score: unit.nullable() }).readonly())
      .readonly(),
    spent: totalsSchema,
    hours: z.number().nonnegative().describe('by the clock in which jobs were at work'),
  })
  .readonly()
export type Summary = z.infer<typeof summarySchema>
