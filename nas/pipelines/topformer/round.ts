import { z } from 'zod'
import { evaluatedSchema, proposedSchema } from '../../runs/rounds.ts'
import { topformerGenotypeSchema } from '../../spaces/topformer/genotype.ts'
import { HALVES } from '../../spaces/topformer/space.ts'

/** The networks that each search of a run evaluates in a half-step, in the order of the searches. */
export const roundSchema = z
  .strictObject({
    round: z.int().nonnegative(),
    half: z.enum(HALVES).describe('that coordinate descent samples'),
    searches: z.array(z.array(proposedSchema(topformerGenotypeSchema)).readonly()).readonly(),
  })
  .readonly()
export type Round = z.infer<typeof roundSchema>

const evaluated = evaluatedSchema(topformerGenotypeSchema)
export type Evaluated = z.infer<typeof evaluated>
export type Scored = Extract<Evaluated, { readonly score: number }>

/** What became of them, likewise. */
export const roundResultsSchema = z
  .strictObject({ searches: z.array(z.array(evaluated).readonly()).readonly() })
  .readonly()
export type RoundResults = z.infer<typeof roundResultsSchema>
