import type { Budget, Spent as SpentOfBudget } from '../nas/runs/budget.ts'
import { type Eta, etaOf, type Limit } from './eta.ts'
import type { Phase } from './pipelines/pipeline.ts'
import type { Progress, Running } from './progress.ts'

/** What a run has used since it began. */
export type Spent = Omit<SpentOfBudget, 'trials'>

/** The same, at a time in ms. */
export type Used = Spent & { readonly at: number }

/** Counts the trials of one phase of a run, and estimates its end. */
export interface PhaseTracker {
  readonly phase: Phase
  /** Says how many trials the phase has. */
  expect(trials: number): void
  /** Notes a result, null for a failure; a `known` one was there before the phase began and does not count for its rate. */
  score(trial: string, score: number | null, kind: 'known' | 'new'): void
  /** Notes where a job is; returns the trial that it was at before, if that was another. */
  run(jobId: string, running: Running): string | undefined
  progress(used: Used): Omit<Progress, 'elapsed' | 'usd'>
}

export function createPhaseTracker(phase: Phase, budget: Budget, began: Used): PhaseTracker {
  let total = phase.score === null ? 1 : budget.trials
  const scores = new Map<string, number | null>()
  const known = new Set<string>()
  /** Where a phase of a single job was when it was first seen at work: by then it has read its data and compiled its network. */
  let seen: { readonly at: number; readonly done: number } | undefined
  const running = new Map<string, Running & { readonly first: number }>()

  /** Trials, the running ones in part. */
  function trialLimit(to: number): Limit {
    const jobs = [...running.values()].filter(({ trial }) => !scores.has(trial))
    return {
      from: known.size + sum(jobs.map(({ first, steps }) => first / steps)),
      at: scores.size + sum(jobs.map(({ step, steps }) => step / steps)),
      to,
    }
  }

  /** By the limits, of a single job by its steps alone. */
  function eta(used: Used): Eta {
    if (phase.score !== null) return etaOf(limits(used), secondsFrom(began.at, used))
    const limit = trialLimit(1)
    if (running.size > 0) seen ??= { at: used.at, done: limit.at }
    return seen === undefined
      ? etaOf([limit], 0)
      : etaOf([{ ...limit, from: seen.done }], secondsFrom(seen.at, used))
  }

  function limits(used: Used): Limit[] {
    const ofBudget = (['hours', 'usd', 'gpuHours'] as const).flatMap((key) => {
      const to = budget[key]
      return to === undefined ? [] : [{ from: began[key], at: used[key], to }]
    })
    return total === undefined ? ofBudget : [trialLimit(total), ...ofBudget]
  }

  return {
    phase,
    expect: (trials) => {
      total = trials
    },
    score(trial, score, kind) {
      if (kind === 'known') known.add(trial)
      scores.set(trial, score)
    },
    run(jobId, now) {
      const before = running.get(jobId)
      const same = before?.trial === now.trial
      running.set(jobId, { ...now, first: same ? before.first : now.step })
      return same ? undefined : before?.trial
    },
    progress(used) {
      const seconds = secondsFrom(began.at, used)
      const succeeded = [...scores.values()].filter((score) => score !== null)
      const fresh = scores.size - known.size
      return {
        phase,
        ...eta(used),
        trials: { done: scores.size, failed: scores.size - succeeded.length, total },
        best: succeeded.length > 0 ? Math.max(...succeeded) : undefined,
        rate: fresh > 0 ? (fresh * 60) / seconds : undefined,
        running: [...running.values()].filter(({ trial }) => !scores.has(trial)),
      }
    },
  }
}

const secondsFrom = (from: number, { at }: Used): number => (at - from) / 1000

const sum = (terms: readonly number[]): number => terms.reduce((total, term) => total + term, 0)
