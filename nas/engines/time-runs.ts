import { quantileSorted } from 'simple-statistics'

export interface Timing {
  /** Median time of a run, milliseconds. */
  readonly median: number
  /** The larger distance of a quartile from the median, relative to the median. */
  readonly spread: number
  /** Runs that were timed. */
  readonly runs: number
}

interface Timed {
  readonly run: () => Promise<unknown>
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
}

/** Runs that are not timed: they allocate and fill caches. */
const WARM_UP = 3

const FEWEST = 10

/** On a busy machine a median may never converge. */
const LONGEST_MS = 250

/** Accepted standard error of the median, relative to the median. */
const TOLERANCE = 0.01

/**
 * Times runs, one after another, until their median has converged. Under normal noise the standard error of the median of n
 * is 1.253 σ/√n, and σ is the interquartile range over 1.349.
 */
export async function timeRuns({ run, now }: Timed): Promise<Timing> {
  for (let i = 0; i < WARM_UP; i++) await run()
  const times: number[] = []
  for (let total = 0; ; ) {
    const start = now()
    await run()
    times.push(now() - start)
    total += times.at(-1)!
    if (times.length < FEWEST) continue
    const sorted = times.toSorted((a, b) => a - b)
    const [low, median, high] = [0.25, 0.5, 0.75].map((p) => quantileSorted(sorted, p)) as [
      number,
      number,
      number,
    ]
    const error = (1.253 * (high - low)) / 1.349 / Math.sqrt(times.length)
    if (error > TOLERANCE * median && total < LONGEST_MS) continue
    return {
      median,
      spread: median > 0 ? Math.max(high - median, median - low) / median : 0,
      runs: times.length,
    }
  }
}
