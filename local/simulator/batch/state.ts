import type { Ended } from '../../../nas/runs/attempt.ts'
import type { VirtualClock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import type { JobEnvironment } from '../job-environment.ts'
import type { Pool } from '../pool.ts'
import type { SimulatedProcess } from '../process.ts'
import type { OutcomeOf } from '../trial-outcome.ts'
import type { Deaths } from './deaths.ts'
import type { TrueAttempt } from './true-attempt.ts'

/** What Batch gives to a job; the rest of its environment depends on the run. */
export type AttemptEnvironment = Omit<JobEnvironment, 'store' | 'steps' | 'openDataset'> & {
  readonly process: SimulatedProcess
}

export interface BatchOptions {
  readonly clock: VirtualClock
  readonly faults: Faults
  readonly pool: Pool
  readonly outcomeOf: OutcomeOf
  /** GPUs. */
  readonly slots: number
  /** From the start of an attempt's host to that of its process. */
  readonly startUpSeconds: readonly [least: number, most: number]
  readonly reclaimsPerHour: number
  readonly runJob: (
    variables: Readonly<Record<string, string>>,
    environment: AttemptEnvironment,
  ) => Promise<Ended>
  readonly log: (who: string, what: string) => void
}

/** What the attempts of all jobs share. */
export interface BatchState extends BatchOptions {
  readonly attempts: TrueAttempt[]
  readonly deaths: Deaths
  readonly runningJobs: Set<RunningJob>
}

/** What can be done to an attempt from outside while it runs. */
export interface RunningJob {
  readonly run: string
  /** Asks it to stop. */
  readonly stop: () => void
  readonly kill: () => void
}
