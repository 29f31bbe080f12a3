import { z } from 'zod'
import { leadsSchema } from '../../runs/leads.ts'
import { ending } from '../../runs/summary.ts'
import { winningNetworkSchema } from './comparison.ts'

const unit = z.number().min(0).max(1)

const found = {
  evaluated: z.strictObject({ networks: z.int(), failed: z.int(), front: z.int() }).readonly(),
  winner: winningNetworkSchema.nullable(),
  baselines: z
    .array(
      z
        .strictObject({
          role: z.enum(['topformer', 'random']),
          limit: z.int().nonnegative(),
          score: unit.nullable(),
          multiplyAdds: z.int().positive(),
        })
        .readonly(),
    )
    .readonly(),
  leads: leadsSchema.optional(),
}

/** What a run found, beside the baselines, and what it cost. */
export const topformerSummarySchema = z.strictObject({ ...ending, ...found }).readonly()
export type TopformerSummary = z.infer<typeof topformerSummarySchema>
