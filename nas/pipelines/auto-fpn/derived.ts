import { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { autoFpnGenotypeSchema } from '../../spaces/auto-fpn/genotype.ts'
import { METHODS } from './settings.ts'

const foundSchema = z
  .strictObject({
    method: z.enum(METHODS),
    trial: hashSchema.describe('of the supernet'),
    genotype: autoFpnGenotypeSchema.describe('with the modules that were searched before it'),
    score: z.number().min(0).max(1).describe('AP of the network with the weights of the supernet'),
  })
  .readonly()
export type Found = z.infer<typeof foundSchema>

const failedSchema = z.strictObject({ method: z.enum(METHODS), reason: z.string() }).readonly()
export type FailedSearch = z.infer<typeof failedSchema>

/** What the searches of a module have found, the paper's method first. */
export const derivedSchema = z
  .strictObject({
    found: z.array(foundSchema).readonly(),
    failed: z.array(failedSchema).readonly().optional().describe('searches of baselines, where some failed'),
  })
  .readonly()
export type Derived = z.infer<typeof derivedSchema>
