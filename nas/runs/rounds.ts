import { z } from 'zod'
import { getJson, RESUME, requireJson } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { unit } from '../tasks/result.ts'
import { hashSchema } from './contract.ts'
import { numbered } from './keys.ts'
import { mapObjects } from './map-objects.ts'
import type { RunProgress } from './progress.ts'
import type { Result } from './result.ts'
import type { StoreLayout } from './store-layout.ts'

/*
 * A search in rounds: candidates are proposed, their trials are run, and what became of them is recorded, on which the next round
 * rests. Rounds have numbers from 0.
 */

/** @param folder of the rounds in a run */
export const roundKeys = (folder: string) =>
  ({
    rounds: `${folder}/`,
    round: (n: number) => `${folder}/${numbered(n)}.json`,
    shards: (n: number) => `${folder}/${numbered(n)}.jsonl`,
    results: (n: number) => `${folder}/${numbered(n)}.results.json`,
    stopDecision: (n: number) => `${folder}/${numbered(n)}.verdict.json`,
  }) as const
export type RoundKeys = ReturnType<typeof roundKeys>

/** @param folder likewise, by its name */
export const roundLayout = (folder: string): StoreLayout['objects'] => ({
  [`runs/*/${folder}/*.jsonl`]: 'temporary',
  [`runs/*/${folder}/*.json`]: 'once',
})

/** A candidate of a round, and its trial. */
export const proposedSchema = <G>(genotype: z.ZodType<G>) =>
  z.strictObject({ trial: hashSchema, genotype }).readonly()

/** A candidate whose trial has been run: one with a score, or one that failed. */
export const evaluatedSchema = <G>(genotype: z.ZodType<G>) =>
  z.union([
    z.strictObject({ trial: hashSchema, genotype, score: unit }).readonly(),
    z.strictObject({ trial: hashSchema, genotype, reason: z.string() }).readonly(),
  ])

type Proposed<G> = { readonly trial: string; readonly genotype: G }
type Evaluated<G> = Proposed<G> & ({ readonly score: number } | { readonly reason: string })

export const isScored = <E extends object>(
  evaluated: E,
): evaluated is Extract<E, { readonly score: number }> => 'score' in evaluated

export const evaluatedAs = <G>({ trial, genotype }: Proposed<G>, result: Result): Evaluated<G> =>
  result.status === 'failed'
    ? { trial, genotype, reason: result.reason }
    : { trial, genotype, score: result.score }

/** As a search from outside reads it. */
export const outcomeOf = <G>(evaluated: Evaluated<G>) => ({
  genotype: evaluated.genotype,
  score: 'score' in evaluated ? evaluated.score : undefined,
})

/** How many were evaluated, and the best of their scores. */
export function tallyOf(evaluated: readonly Evaluated<unknown>[]): RunProgress {
  const scores = evaluated.flatMap((each) => ('score' in each ? [each.score] : []))
  return {
    completed: evaluated.length,
    failed: evaluated.length - scores.length,
    best: scores.length > 0 ? scores.reduce((a, b) => Math.max(a, b)) : null,
  }
}

const first = (rounds: number): readonly number[] => Array.from({ length: rounds }, (_, n) => n)

/** The results of the rounds before one. */
export const resultsBefore = <R>(
  store: ObjectStore,
  { results }: RoundKeys,
  schema: z.ZodType<R>,
  round: number,
): Promise<readonly R[]> => mapObjects(first(round), (n) => requireJson(store, results(n), schema, RESUME))

/** Those of all rounds that have results. @param most rounds that there are */
export async function resultsSoFar<R>(
  store: ObjectStore,
  { results }: RoundKeys,
  schema: z.ZodType<R>,
  most: number,
): Promise<readonly R[]> {
  const all = await mapObjects(first(most), (n) => getJson(store, results(n), schema))
  const missing = all.indexOf(undefined)
  return (missing < 0 ? all : all.slice(0, missing)) as readonly R[]
}
