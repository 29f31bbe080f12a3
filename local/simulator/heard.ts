import { runKeys } from '../../nas/runs/keys.ts'
import type { TrueAttempt } from './batch/true-attempt.ts'
import type { Observations } from './observations.ts'
import type { World } from './world.ts'

/** An attempt that is over, with how long nothing of it was heard: what it says of itself is its ledger entry. */
export function heard(
  { clock, outage, damage }: Pick<World, 'clock' | 'outage' | 'damage'>,
  { latest, refused }: Pick<Observations, 'latest' | 'refused'>,
  attempt: TrueAttempt,
): TrueAttempt {
  const { run, jobId, attempt: number, startedAt, endedAt = clock.now() } = attempt
  const entry = runKeys(run).ledgerEntry(jobId, number)
  const lastKept = latest.get(entry) ?? startedAt
  // One that was refused is followed by another, but for the last.
  const isLastRefused = (refused.get(entry) ?? 0) > lastKept
  const silences = [
    outage.during(startedAt, endedAt),
    damage.wasDamaged(entry) ? endedAt - startedAt : 0,
    isLastRefused ? endedAt - lastKept : 0,
  ]
  return { ...attempt, endedAt, unheard: Math.max(...silences) }
}
