/** A burst of runs, one after another. */
export interface Burst {
  /** Milliseconds of the shortest run, which whatever else the machine does has delayed the least. */
  readonly shortest: number
  readonly runs: number
}

interface Timed {
  readonly run: () => Promise<unknown>
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
}

/** Runs that are not timed: they allocate and fill caches. */
const WARM_UP = 2

const FEWEST = 5
/** A short operation runs more often, as a single delay is longer than it. */
const LEAST_MS = 20

export async function timeRuns({ run, now }: Timed): Promise<Burst> {
  for (let i = 0; i < WARM_UP; i++) await run()
  let [shortest, runs, total] = [Number.POSITIVE_INFINITY, 0, 0]
  while (runs < FEWEST || total < LEAST_MS) {
    const start = now()
    await run()
    const time = now() - start
    shortest = Math.min(shortest, time)
    total += time
    runs++
  }
  return { shortest, runs }
}
