import { TrellisError } from '../nas/errors.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { AFTER_FAILURE } from '../nas/runs/remedies.ts'
import { summarySchema } from '../nas/runs/summary.ts'
import { getSound } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** Why a run has no network that is trained in full. */
export const nothingTrained = async (store: ObjectStore, run: string): Promise<TrellisError> =>
  (await failureOf(store, run)) ??
  new TrellisError('not-found', `run ${run} has trained no network in full yet`, {
    fix: `go on with it: trellis resume ${run}`,
  })

/** What a run that has failed cannot be asked for. Undefined for any other. */
export async function failureOf(store: ObjectStore, run: string): Promise<TrellisError | undefined> {
  const summary = await getSound(store, runKeys(run).summary, summarySchema)
  if (summary?.status !== 'failed') return undefined
  return new TrellisError('not-found', `run ${run} has failed: ${summary.error}`, { fix: AFTER_FAILURE })
}
