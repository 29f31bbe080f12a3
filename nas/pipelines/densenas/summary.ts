import { z } from 'zod'
import { leadsSchema } from '../../runs/leads.ts'
import { ending } from '../../runs/summary.ts'
import { winningNetworkSchema } from './comparison.ts'

const found = {
  winner: winningNetworkSchema.nullable(),
  baselines: z
    .array(
      z
        .strictObject({
          role: z.enum(['random', 'mobilenet-v2']),
          score: z.number().min(0).max(1).nullable(),
          multiplyAdds: z.int().positive(),
        })
        .readonly(),
    )
    .readonly(),
  leads: leadsSchema.optional(),
}

/** What a run found, beside the baselines, and what it cost. */
export const denseNasSummarySchema = z.strictObject({ ...ending, ...found }).readonly()
export type DenseNasSummary = z.infer<typeof denseNasSummarySchema>
