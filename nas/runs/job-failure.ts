import { z } from 'zod'

/** Why the last job of a run that failed for good did so. */
export const jobFailureSchema = z.strictObject({ cause: z.string().max(1000) }).readonly()
export type JobFailure = z.infer<typeof jobFailureSchema>
