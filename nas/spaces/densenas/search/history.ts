import { z } from 'zod'

const numbers = z.array(z.number()).readonly()
const perOperation = z.array(z.array(numbers).readonly()).readonly()

/**
 * The history of a search, one entry an epoch. Probabilities and weights, to four digits, are those after an epoch for the
 * architecture; epochs for the weights do not change them, and have none.
 */
export const supernetHistorySchema = z
  .strictObject({
    epochs: z
      .array(
        z
          .strictObject({
            epoch: z.int().nonnegative(),
            phase: z.enum(['weights', 'architecture']),
            loss: z.number().describe('mean over its steps'),
            accuracy: z
              .number()
              .min(0)
              .max(1)
              .optional()
              .describe('top-1 of its batches, as they were trained'),
            cost: z
              .number()
              .nonnegative()
              .describe('expected, after the epoch: milliseconds or multiply-adds'),
            paths: z.array(numbers).readonly().optional().describe('p, by block, by its output'),
            operations: z
              .strictObject({ head: perOperation, stack: perOperation })
              .readonly()
              .optional()
              .describe('w, by block, by input or layer, by operation'),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly()
export type SupernetHistory = z.infer<typeof supernetHistorySchema>
