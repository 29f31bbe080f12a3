import { TrellisError } from '../nas/errors.ts'
import { getRunFailure } from '../nas/runs/result.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** That nothing can be derived, since the trial that searches has failed. @param what it searches */
export async function searchFailed(
  store: ObjectStore,
  run: string,
  { what, trial, reason }: { readonly what: string; readonly trial: string; readonly reason: string },
): Promise<TrellisError> {
  const failure = await getRunFailure(store, run, trial)
  return new TrellisError('job-failed', `the search of the ${what} failed: ${failure?.reason ?? reason}`, {
    fix: failure
      ? `trellis resume ${run} searches again`
      : 'start a new run with other settings or another seed: this search would fail again',
  })
}
