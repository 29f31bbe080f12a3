import { type ErrorCode, TrellisError } from '../../nas/errors.ts'
import { openStore } from '../../nas/store/open.ts'
import { DEFAULT_STORE, nameOfRun, undefinedIfUnreadable } from '../find-run.ts'

/** How a command fails on a run that AWS does not know, or where there is no AWS at all. */
const AWAY: readonly ErrorCode[] = ['not-found', 'service-failed', 'store-failed']

/** What to do instead with a run on this computer. */
export const INSTEAD = {
  look: (run: string) => `trellis list tells how it is, trellis report ${run} how far it has got`,
  stop: () => 'press Ctrl-C where it runs, or send its process SIGTERM; trellis list tells whether it runs',
  schedule: (run: string) => `trellis rerank ${run}, by a schedule of this computer`,
  withoutAws: () => 'leave --aws out',
} as const

/**
 * Does something with a run on AWS.
 * @param name as it was typed
 * @throws TrellisError `not-found` where the run is on this computer
 */
export async function onAwsRun<T>(
  name: string,
  instead: (run: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof TrellisError) || !AWAY.includes(cause.code)) throw cause
    const store = openStore(DEFAULT_STORE)
    const run = await nameOfRun(store, name).catch(undefinedIfUnreadable)
    if (run === undefined) throw cause
    throw new TrellisError(
      'not-found',
      `run ${run} is on this computer, in ${store.location}, and not on AWS`,
      {
        fix: instead(run),
        cause,
      },
    )
  }
}
