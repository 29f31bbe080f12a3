import { z } from 'zod'
import { leadsSchema } from '../../runs/leads.ts'
import { ending } from '../../runs/summary.ts'
import { winningCellSchema } from './comparison.ts'

const unit = z.number().min(0).max(1)

const found = {
  trials: z
    .strictObject({ tried: z.int(), succeeded: z.int(), failed: z.int(), best: unit.nullable() })
    .readonly()
    .describe('on the proxy task'),
  winner: winningCellSchema.nullable(),
  baselines: z
    .array(z.strictObject({ role: z.enum(['aspp', 'random']), score: unit.nullable() }).readonly())
    .readonly(),
  leads: leadsSchema.optional(),
}

export const dpcSummarySchema = z.strictObject({ ...ending, ...found }).readonly()
export type DpcSummary = z.infer<typeof dpcSummarySchema>
