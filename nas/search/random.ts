import { z } from 'zod'
import type { Policy } from './policy.ts'

export const randomConfigSchema = z.strictObject({
  kind: z.literal('random').describe('uniform draws from the space'),
})

/** Uniform random search. */
export const randomPolicy: Policy = {
  look: (space, _results, rng) => () => () => space.sample(rng),
  keep: () => [],
}
