import { mean } from 'simple-statistics'
import { z } from 'zod'
import { TrellisError } from '../errors.ts'
import type { Succeeded } from '../tasks/result.ts'
import { onlyClassOf, onlyClassSchema, unit } from '../tasks/result.ts'
import { meanTestScore, type TestScore, testFigures, testFiguresSchema } from '../tasks/test-score.ts'
import { hashSchema } from './contract.ts'
import type { Result } from './result.ts'

/*
 * The comparison that ends a search: what it has found and the baselines, each trained alike with every seed, then ranked.
 * A pipeline adds what tells its candidates apart, their `role` among it.
 */

/** The trial of a candidate for each seed. */
const seedsSchema = z
  .array(z.strictObject({ seed: z.int(), trial: hashSchema }).readonly())
  .min(1)
  .readonly()
export type Seeds = z.infer<typeof seedsSchema>

/** A candidate before its training. */
export const candidateSchema = <S extends z.ZodRawShape>(own: S) =>
  z.strictObject({ ...own, trials: seedsSchema }).readonly()

const outcomesSchema = z
  .array(
    z
      .strictObject({
        seed: z.int(),
        trial: hashSchema,
        score: unit.nullable(),
        onlyClass: onlyClassSchema,
        reason: z.string().optional().describe('why there is no score'),
      })
      .readonly(),
  )
  .readonly()
export type Outcomes = z.infer<typeof outcomesSchema>

const testOfAllSeeds = testFiguresSchema
  .optional()
  .describe('on the test images, mean over the seeds of each resample; no candidate is chosen by it')

const figures = {
  /** Mean over the seeds; null where the training of any seed failed. */
  score: unit.nullable(),
  parameters: z.int().positive().nullable(),
  multiplyAdds: z.int().positive().nullable(),
  trials: outcomesSchema,
  test: testOfAllSeeds,
}

/** A candidate after its training. @param own may narrow a figure that is known before. */
export const comparedSchema = <S extends z.ZodRawShape>(own: S) =>
  z.strictObject({ ...figures, ...own } as Omit<typeof figures, keyof S> & S).readonly()

const figuresSchema = z.object(figures).readonly()
export type Compared = z.infer<typeof figuresSchema>

/** For the record of what was found: nothing where there are no test images. */
export const testOf = ({ test }: Pick<Compared, 'test'>): Pick<Compared, 'test'> => (test ? { test } : {})

/** What was found, with the figures that a summary tells. */
export const winnerSchema = <S extends z.ZodRawShape>(own: S) =>
  z
    .strictObject({
      /** Of its trials, the one with the best score. */
      trial: hashSchema,
      score: unit.describe('mean over the seeds'),
      parameters: z.int().positive(),
      multiplyAdds: z.int().positive(),
      test: testOfAllSeeds,
      ...own,
    })
    .readonly()

/** The mean of a figure over the seeds of a candidate, null where any of them failed: the others would not compare. */
export type MeanOf<S extends Succeeded> = (figure: (result: S) => number) => number | null

/** @param results in the order of the candidate's seeds */
export function comparedWith<C extends { readonly trials: Seeds }, S extends Succeeded>(
  candidate: C,
  results: readonly Result<S>[],
): {
  readonly compared: Omit<C, 'trials'> & Compared
  readonly meanOf: MeanOf<S>
  readonly test: TestScore | undefined
} {
  const succeeded = results.filter((result): result is S => result.status === 'succeeded')
  const meanOf: MeanOf<S> = (figure) =>
    succeeded.length === results.length ? mean(succeeded.map(figure)) : null
  const trials = candidate.trials.map((trial, i) => {
    const result = results[i]!
    return result.status === 'succeeded'
      ? { ...trial, score: result.score, ...onlyClassOf(result) }
      : { ...trial, score: null, reason: result.reason }
  })
  const test = meanTestScore(
    results.map((result) => (result.status === 'succeeded' ? result.test : undefined)),
  )
  const compared = {
    ...candidate,
    score: meanOf(({ score }) => score),
    parameters: succeeded[0]?.parameters ?? null,
    multiplyAdds: succeeded[0]?.multiplyAdds ?? null,
    trials,
    ...(test && { test: testFigures(test) }),
  }
  return { compared, meanOf, test }
}

/** The trial with the best score. */
export const bestTrial = (outcomes: Outcomes): string =>
  outcomes.toSorted((a, b) => Number(b.score) - Number(a.score))[0]!.trial

type Ranked<C extends Compared> = C & {
  readonly score: number
  readonly parameters: number
  readonly multiplyAdds: number
}

/**
 * The best by score of what a search has found; of equal ones the first.
 * @throws TrellisError `job-failed` where none of them could be trained
 */
export function bestOf<C extends Compared>(found: readonly C[], run: string): Ranked<C> {
  const trained = found.filter(
    (each): each is Ranked<C> =>
      each.score !== null && each.parameters !== null && each.multiplyAdds !== null,
  )
  const [best] = trained.toSorted((a, b) => b.score - a.score)
  if (best !== undefined) return best
  const reason = found.flatMap(({ trials }) => trials).find((trial) => trial.reason !== undefined)?.reason
  throw new TrellisError('job-failed', `nothing that ${run} has found could be trained in full: ${reason}`, {
    fix: `trellis resume ${run} tries again what is no fault of a network; for others, start a new run with other settings of full training: it finds the search of this one`,
  })
}
