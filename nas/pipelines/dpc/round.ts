import { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { strategyStateSchema } from '../../search/strategy.ts'
import { dpcGenotypeSchema } from '../../spaces/dpc/genotype.ts'

const trialsSchema = z
  .array(z.strictObject({ trial: hashSchema, genotype: dpcGenotypeSchema }).readonly())
  .readonly()

/** The candidates of a round, oldest proposal first, and the state of the strategy after it proposed them. */
export const roundSchema = z
  .strictObject({
    round: z.int().nonnegative(),
    state: strategyStateSchema,
    candidates: trialsSchema,
    baselines: trialsSchema
      .optional()
      .describe('of the first round: what the best are compared with, scored beside the candidates'),
  })
  .readonly()
export type Round = z.infer<typeof roundSchema>
