import { z } from 'zod'
import { leadsSchema } from '../../runs/leads.ts'
import { ending } from '../../runs/summary.ts'
import { winningDetectorSchema } from './comparison.ts'

const found = {
  winner: winningDetectorSchema.nullable(),
  baselines: z
    .array(
      z
        .strictObject({
          role: z.enum(['fpn', 'random', 'snas']),
          score: z.number().min(0).max(1).nullable(),
          neck: z.int().nonnegative(),
          head: z.int().nonnegative(),
        })
        .readonly(),
    )
    .readonly(),
  leads: leadsSchema.optional(),
}

/** What a run found, beside the baselines, and what it cost. */
export const autoFpnSummarySchema = z.strictObject({ ...ending, ...found }).readonly()
export type AutoFpnSummary = z.infer<typeof autoFpnSummarySchema>
