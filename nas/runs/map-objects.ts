import pLimit from 'p-limit'

/** Requests at once to a store: enough to hide the latency of S3, few enough not to be throttled. */
const CONCURRENCY = 32

/** Asks a store about many objects; answers come in the order of `items`. */
export const mapObjects = <T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> =>
  pLimit(CONCURRENCY).map(items, ask)
