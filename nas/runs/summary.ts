import { z } from 'zod'
import { totalsSchema } from './ledger.ts'

/** How a run of any pipeline ended and what it cost. What it found is its pipeline's own. */
export const ending = {
  run: z.string(),
  status: z.enum(['succeeded', 'failed']),
  error: z.string().optional().describe('what ended a failed run'),
  stopped: z
    .string()
    .nullable()
    .describe('why the search stopped, or did less than was asked for; null where there is nothing to tell'),
  spent: totalsSchema,
  hours: z.number().nonnegative().describe('by the clock in which jobs were at work'),
}

export const summarySchema = z.looseObject(ending).readonly()
export type Summary = z.infer<typeof summarySchema>
