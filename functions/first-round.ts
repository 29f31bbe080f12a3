import { TrellisError } from '../nas/errors.ts'
import { mapObjects } from '../nas/runs/map-objects.ts'
import { getRunFailure, type Result } from '../nas/runs/result.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/**
 * A first round in which everything failed, some of it for a reason that says nothing about its network, is not recorded: that would
 * end the search for good.
 * @throws TrellisError `job-failed`
 */
export async function checkFirstRound(
  store: ObjectStore,
  run: string,
  trials: readonly string[],
  results: readonly Result[],
): Promise<void> {
  if (results.some(({ status }) => status === 'succeeded')) return
  const [unknown] = (await mapObjects(trials, (trial) => getRunFailure(store, run, trial))).filter(
    (failure) => failure !== undefined,
  )
  if (unknown === undefined) return
  throw new TrellisError('job-failed', `every trial of ${run} failed, one of them with: ${unknown.reason}`, {
    fix: `trellis resume ${run} tries them again`,
  })
}
