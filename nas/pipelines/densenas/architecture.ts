import { z } from 'zod'

const parameters = z.array(z.number()).readonly()
const perOperation = z.array(z.array(parameters).readonly()).readonly()

/** What a search has found: alpha and beta at its end (see `ArchitectureParameters`), every bit of them. */
export const architectureSchema = z
  .strictObject({ head: perOperation, stack: perOperation, beta: z.array(parameters).readonly() })
  .readonly()
