import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'

/**
 * Runs all tasks, at most `concurrency` at once, each with a signal of its own family. The first failure stops the others;
 * once they have wound up, it is thrown. So nothing is left running, whichever way it ends.
 */
export async function together<T>(
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  concurrency: number,
  signal: AbortSignal,
): Promise<T[]> {
  const failed = new AbortController()
  const family = AbortSignal.any([signal, failed.signal])
  // As many listeners as tasks is no leak.
  setMaxListeners(0, family)
  const limit = pLimit(concurrency)
  const settled = await Promise.allSettled(
    tasks.map((task) =>
      limit(async () => {
        family.throwIfAborted()
        try {
          return await task(family)
        } catch (thrown) {
          // Before the slot is free, or the next task would start.
          failed.abort(thrown)
          throw thrown
        }
      }),
    ),
  )
  if (family.aborted) throw family.reason
  return settled.map((one) => (one as PromiseFulfilledResult<T>).value)
}
