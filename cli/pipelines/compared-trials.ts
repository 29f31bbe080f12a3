import type { z } from 'zod'
import type { Seeds } from '../../nas/runs/comparison.ts'
import { getJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Phase, StoredProgress } from './pipeline.ts'

interface Candidates {
  readonly contenders: readonly { readonly trials: Seeds }[]
}

/** The trainings of a comparison; none before its candidates are chosen. @param key of these */
export async function comparedTrials(
  store: ObjectStore,
  key: string,
  schema: z.ZodType<Candidates>,
): Promise<readonly string[]> {
  const candidates = await getJson(store, key, schema)
  return (candidates?.contenders ?? []).flatMap(({ trials }) => trials.map(({ trial }) => trial))
}

/** Progress in a phase without rounds, a job a trial. @param pending its trials, as far as they are chosen */
export const withoutRounds = (
  phase: Phase,
  pending: readonly string[],
  total = Math.max(1, pending.length),
): StoredProgress => ({
  phase,
  machine: 'Search',
  round: undefined,
  perShard: 1,
  total,
  trials: { completed: 0, failed: 0, best: undefined, pending },
})
