import { z } from 'zod'
import { leadsSchema } from '../../runs/leads.ts'
import { ending } from '../../runs/summary.ts'
import { unit } from '../../tasks/result.ts'
import { winningDetectorSchema } from './comparison.ts'

const found = {
  winner: winningDetectorSchema.nullable(),
  baselines: z
    .array(
      z
        .strictObject({
          role: z.enum(['fpn', 'random', 'snas', 'evolution']),
          score: z.number().min(0).max(1).nullable(),
          neck: z.int().nonnegative(),
          head: z.int().nonnegative(),
        })
        .readonly(),
    )
    .readonly(),
  evolution: z
    .strictObject({
      detectors: z.int().nonnegative(),
      failed: z.int().nonnegative(),
      best: unit.nullable().describe('AP of what it has found, after its early stop'),
      stopped: z.string().nullable().describe('null where it did not come to its end'),
    })
    .readonly()
    .optional(),
  leads: leadsSchema.optional(),
}

/** What a run found, beside the baselines, and what it cost. */
export const autoFpnSummarySchema = z.strictObject({ ...ending, ...found }).readonly()
export type AutoFpnSummary = z.infer<typeof autoFpnSummarySchema>
