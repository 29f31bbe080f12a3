import { z } from 'zod'

/** The kind of a job that tries out the machine on which it runs, and belongs to no run. */
export const SMOKE = 'smoke'

/** A line that such a job prints: what it has found, and for what is wrong, what to do. */
export const smokeLineSchema = z
  .object({
    what: z.string(),
    fix: z.string().optional(),
    /** Name of the compute environment, and whether attempts in it are charged as spot ones. */
    charged: z.object({ environment: z.string(), spot: z.boolean() }).optional(),
  })
  .readonly()
export type SmokeLine = z.infer<typeof smokeLineSchema>
