import { mean } from 'simple-statistics'
import { z } from 'zod'
import { hashSchema } from './contract.ts'
import type { Result, Succeeded } from './result.ts'

/** The trial of a contender for each seed. */
export const seedsSchema = z
  .array(z.strictObject({ seed: z.int(), trial: hashSchema }).readonly())
  .min(1)
  .readonly()

/** What became of them. */
export const outcomesSchema = z
  .array(
    z
      .strictObject({
        seed: z.int(),
        trial: hashSchema,
        score: z.number().min(0).max(1).nullable(),
        reason: z.string().optional().describe('why there is no score'),
      })
      .readonly(),
  )
  .readonly()

type Outcomes = z.infer<typeof outcomesSchema>

/** @param results in the order of the seeds */
export const outcomesOf = (seeds: z.infer<typeof seedsSchema>, results: readonly Result[]): Outcomes =>
  seeds.map((trial, i) => {
    const result = results[i]!
    return result.status === 'succeeded'
      ? { ...trial, score: result.score }
      : { ...trial, score: null, reason: result.reason }
  })

/** null where any seed failed: a mean over those that happened to survive would not compare with the others. */
export const meanOver = <R extends Succeeded>(
  results: readonly Result[],
  succeeded: readonly R[],
  of: (result: R) => number,
): number | null => (succeeded.length === results.length ? mean(succeeded.map(of)) : null)

/** The trial with the best score. */
export const bestOf = (outcomes: Outcomes): string =>
  [...outcomes].sort((a, b) => Number(b.score) - Number(a.score))[0]!.trial
