import type { VirtualClock } from '../clock.ts'
import type { Faults } from '../faults.ts'

const HOUR_MS = 3_600_000

/** Where capacity is short, a host is reclaimed as soon as it is there: before a training gets anywhere, and now and then after its host was checked. */
const EARLY_MS = 30_000

/** What can happen to the attempt on a spot host when AWS reclaims that. */
export interface Reclaimable {
  /** False once it is over, or where its trial would be blamed for one more death. */
  readonly mayDie: () => boolean
  /** Gives notice: it has some time to leave a checkpoint. */
  readonly notify: () => void
  /** Batch takes it for dead and starts another, while it still runs: a duplicate attempt. */
  readonly disconnect: () => void
  readonly kill: () => void
}

interface ReclaimOptions {
  readonly clock: VirtualClock
  readonly faults: Faults
  readonly reclaimsPerHour: number
}

/** Draws when a spot host is reclaimed, and how. */
export function scheduleReclaim(
  { clock, faults, reclaimsPerHour }: ReclaimOptions,
  attempt: Reclaimable,
): void {
  const early = faults.strikes('reclaimed at once')
  const hours = -Math.log(1 - faults.chance.uniform()) / reclaimsPerHour
  clock.after(early ? EARLY_MS * faults.chance.uniform() : hours * HOUR_MS, () => {
    if (!attempt.mayDie()) return
    if (faults.strikes('reclaimed with notice')) return attempt.notify()
    faults.note('reclaimed without notice')
    if (faults.strikes('duplicate attempt')) return attempt.disconnect()
    attempt.kill()
  })
}
