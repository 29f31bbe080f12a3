import { z } from 'zod'
import type { Policy } from './policy.ts'

export const randomConfigSchema = z.strictObject({ kind: z.literal('random') })

/** Uniform random search. */
export const randomPolicy: Policy = (space, _results, rng) => () => () => space.sample(rng)
