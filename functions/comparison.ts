import type { z } from 'zod'
import { comparedWith, type Seeds } from '../nas/runs/comparison.ts'
import { type LedgerEntry, readLedger } from '../nas/runs/ledger.ts'
import { mapObjects } from '../nas/runs/map-objects.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { finalResult } from '../nas/runs/result.ts'
import { putShards } from '../nas/runs/shards.ts'
import { putSpec, type TrialSpec } from '../nas/runs/trial.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { Succeeded } from '../nas/tasks/result.ts'
import { usedUp } from './budget.ts'
import { pendingTrials } from './pending.ts'

/**
 * Gives each candidate a trial for each seed. Specs are written before the record of the candidates: where that is, the trials
 * can be run.
 */
export async function withTrials<C>(
  store: ObjectStore,
  candidates: readonly C[],
  seeds: readonly number[],
  specOf: (candidate: C, seed: number) => TrialSpec,
): Promise<readonly (C & { readonly trials: Seeds })[]> {
  const all = []
  for (const candidate of candidates) {
    const trials = []
    for (const seed of seeds) trials.push({ seed, trial: await putSpec(store, specOf(candidate, seed)) })
    all.push({ ...candidate, trials })
  }
  return all
}

/**
 * Why only what was found is trained: the search has used up what the budget allows; undefined where it has not.
 * @param job that trains candidates: what the comparison itself takes comes after this decision, which stays the same when it is taken
 * again
 */
export async function withoutBaselines(
  store: ObjectStore,
  record: RunRecord,
  job: LedgerEntry['job'],
): Promise<string | undefined> {
  const ledger = (await readLedger(store, record.run)).filter((entry) => entry.job !== job)
  const limited = usedUp(record, ledger)
  return limited && `no baselines: ${limited}`
}

/**
 * Writes the manifest of the trainings that are still to be run, a job each, and returns their number.
 * @param conclusion the key of their comparison; undefined where the candidates have only just been recorded
 */
export async function putTrainings(
  store: ObjectStore,
  run: string,
  manifest: string,
  candidates: readonly { readonly trials: Seeds }[],
  conclusion: string | undefined,
): Promise<number> {
  const trials = candidates.flatMap((candidate) => candidate.trials.map(({ trial }) => trial))
  const pending = await pendingTrials(store, run, trials, conclusion)
  return putShards(store, manifest, pending, 1)
}

/** Candidates with their figures, in the same order, when all jobs have ended. */
export const compareAll = <C extends { readonly trials: Seeds }, S extends Succeeded>(
  store: ObjectStore,
  run: string,
  candidates: readonly C[],
  success: z.ZodType<S>,
) =>
  Promise.all(
    candidates.map(async (candidate) =>
      comparedWith(
        candidate,
        await mapObjects(candidate.trials, ({ trial }) => finalResult(store, run, trial, success)),
      ),
    ),
  )
