import { TrellisError } from '../nas/errors.ts'
import { getRunFailure } from '../nas/runs/result.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** That nothing can be derived, since the trial that searches has failed. @param what it searches */
export const searchFailed = async (
  store: ObjectStore,
  run: string,
  { what, trial, reason }: { readonly what: string; readonly trial: string; readonly reason: string },
): Promise<TrellisError> =>
  new TrellisError('job-failed', `the search of the ${what} failed: ${reason}`, {
    fix: (await getRunFailure(store, run, trial))
      ? `trellis resume ${run} searches again`
      : 'start a new run with other settings or another seed: this search would fail again',
  })
