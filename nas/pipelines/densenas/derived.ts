import { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { denseNasGenotypeSchema } from '../../spaces/densenas/genotype.ts'

/** The network that a search has found. */
export const derivedSchema = z
  .strictObject({
    trial: hashSchema.describe('of the supernet'),
    genotype: denseNasGenotypeSchema,
    netConfig: z.string(),
    path: z.array(z.int().nonnegative()).readonly().describe('indices of its blocks in the space'),
    probability: z.number().min(0).max(1).describe('of that path'),
    cost: z
      .strictObject({ unit: z.enum(['ms', 'multiply-adds']), value: z.number().nonnegative() })
      .readonly()
      .describe('of the network, by the table that the search had'),
  })
  .readonly()
export type Derived = z.infer<typeof derivedSchema>
