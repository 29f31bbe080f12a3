import { mean, sampleStandardDeviation } from 'simple-statistics'
import type { FullTraining, Trial } from './data.ts'
import { points } from './format.ts'

export type Scored = Trial & { readonly number: number; readonly score: number }

/** Trials with a score, numbered from 1 in the order of proposal. */
export const scoredTrials = (trials: readonly Trial[]): readonly Scored[] =>
  trials.flatMap((trial, i) =>
    trial.outcome.kind === 'scored' ? [{ ...trial, number: i + 1, score: trial.outcome.score }] : [],
  )

/** Reasons of failed trials with how often each occurred, most frequent first. */
export function failures(trials: readonly Trial[]): readonly (readonly [reason: string, times: number])[] {
  const times = new Map<string, number>()
  for (const { outcome } of trials)
    if (outcome.kind === 'failed') times.set(outcome.reason, (times.get(outcome.reason) ?? 0) + 1)
  return [...times].sort(([, a], [, b]) => b - a)
}

/** Mean over seeds; undefined where no training succeeded. */
export const fullScore = ({ scores }: FullTraining): number | undefined =>
  scores.length > 0 ? mean([...scores]) : undefined

/** '73.12 ± 0.40' over seeds (sample standard deviation), '73.12' for one. */
export const seedSpread = ({ scores }: FullTraining): string =>
  scores.length > 1
    ? `${points(mean([...scores]))} ± ${points(sampleStandardDeviation([...scores]))}`
    : points(scores[0])

/** Best first; what never succeeded comes last. */
export const byFullScore = (entries: readonly FullTraining[]): readonly FullTraining[] =>
  [...entries].sort((a, b) => (fullScore(b) ?? -1) - (fullScore(a) ?? -1))
