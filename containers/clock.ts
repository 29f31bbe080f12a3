import type { Clock } from '../nas/runs/clock.ts'

/** Of this process, whose attempt begins as it does. */
export const processClock: Clock = {
  elapsed: () => performance.now(),
  every(ms, action) {
    const timer = setInterval(action, ms)
    return () => clearInterval(timer)
  },
}
