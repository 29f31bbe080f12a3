import { notFailedIn } from '../nas/runs/result.ts'
import { withoutResult } from '../nas/runs/shards.ts'
import { forgetAttempts } from '../nas/runs/starts.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/**
 * The trials that a run still has to run. One that has failed in this run alone is tried again, with all its attempts, when the run is
 * resumed before it has concluded from them. What it has concluded stays: a new run tries them again.
 * @param conclusion the key of what is written once they have been run; undefined where the run has only just chosen them
 */
export async function pendingTrials(
  store: ObjectStore,
  run: string,
  trials: readonly string[],
  conclusion: string | undefined,
): Promise<readonly string[]> {
  const pending = await withoutResult(store, trials)
  if (conclusion === undefined) return pending
  const isConcluded = (await store.get(conclusion)) !== undefined
  const again = isConcluded ? await notFailedIn(store, run, pending) : pending
  await forgetAttempts(store, run, again)
  return again
}
