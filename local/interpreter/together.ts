import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'

/**
 * Runs all tasks, at most `concurrency` at once. The first failure aborts the others and is thrown once they have ended, so
 * that nothing is left running.
 */
export async function together<T>(
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  concurrency: number,
  signal: AbortSignal,
): Promise<T[]> {
  const failed = new AbortController()
  const shared = AbortSignal.any([signal, failed.signal])
  // One listener a task is no leak.
  setMaxListeners(0, shared)
  const limit = pLimit(concurrency)
  const settled = await Promise.allSettled(
    tasks.map((task) =>
      limit(async () => {
        shared.throwIfAborted()
        try {
          return await task(shared)
        } catch (thrown) {
          // Before the slot is free: otherwise the next task would start.
          failed.abort(thrown)
          throw thrown
        }
      }),
    ),
  )
  if (shared.aborted) throw shared.reason
  return settled.map((one) => (one as PromiseFulfilledResult<T>).value)
}
