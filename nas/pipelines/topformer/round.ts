import { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { topformerGenotypeSchema } from '../../spaces/topformer/genotype.ts'
import { HALVES } from '../../spaces/topformer/space.ts'
import { unit } from '../../tasks/result.ts'

const candidate = { trial: hashSchema, genotype: topformerGenotypeSchema }

/** The networks that each search of a run evaluates in a half-step, in the order of the searches. */
export const roundSchema = z
  .strictObject({
    round: z.int().nonnegative(),
    half: z.enum(HALVES).describe('that coordinate descent samples'),
    searches: z.array(z.array(z.strictObject(candidate).readonly()).readonly()).readonly(),
  })
  .readonly()
export type Round = z.infer<typeof roundSchema>

/** A network that has been evaluated: one with a score, or one that failed. */
export const evaluatedSchema = z.union([
  z.strictObject({ ...candidate, score: unit }).readonly(),
  z.strictObject({ ...candidate, reason: z.string() }).readonly(),
])
export type Evaluated = z.infer<typeof evaluatedSchema>
export type Scored = Extract<Evaluated, { readonly score: number }>

export const isScored = (evaluated: Evaluated): evaluated is Scored => 'score' in evaluated

/** What became of them, likewise. */
export const roundResultsSchema = z
  .strictObject({ searches: z.array(z.array(evaluatedSchema).readonly()).readonly() })
  .readonly()
export type RoundResults = z.infer<typeof roundResultsSchema>
