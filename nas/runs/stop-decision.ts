import { z } from 'zod'

/** Whether a search goes on after a round. It is decided once: a second call gets the same answer. */
export const stopDecisionSchema = z
  .strictObject({
    enough: z.boolean(),
    reason: z.string(),
    tried: z.int().nonnegative(),
    best: z.number().nullable(),
  })
  .readonly()
export type StopDecision = z.infer<typeof stopDecisionSchema>
