/**
 * The part of all spot instances that is taken back in an hour, on a bad day, of whatever card. AWS tells it by the month and
 * in coarse steps, and the interval goes with its square root: at a second a checkpoint, half or twice as many of them cost a
 * job less than half a percent.
 */
const RECLAIMS_PER_HOUR = 0.05

/**
 * The time between checkpoints that loses least (Daly 2006, equation 37, after Young 1974): a long one redoes more work after
 * an interruption, a short one writes more often.
 *
 * @param write what a checkpoint costs @param between mean time between interruptions, in the same unit as the result
 */
export function checkpointInterval(write: number, between: number): number {
  if (write >= 2 * between) return between
  const ratio = write / (2 * between)
  return Math.sqrt(2 * write * between) * (1 + Math.sqrt(ratio) / 3 + ratio / 9) - write
}

/** The first checkpoint comes early: it tells what one costs. */
const FIRST_MS = 15_000

export interface CheckpointClock {
  /** Whether it is time for a checkpoint. */
  readonly due: () => boolean
  /** Called when the checkpoint that was due has been written. */
  readonly written: () => void
}

/** @param now milliseconds by any clock that does not jump */
export function checkpointClock(now: () => number, reclaimsPerHour = RECLAIMS_PER_HOUR): CheckpointClock {
  let interval = FIRST_MS
  let last = now()
  return {
    due: () => {
      if (now() - last < interval) return false
      last = now()
      return true
    },
    written: () => {
      interval = checkpointInterval(now() - last, 3_600_000 / reclaimsPerHour)
      last = now()
    },
  }
}
