import type { VersionedReader } from '../../nas/data/inventory.ts'
import type { Machine } from '../../nas/runs/open-entry.ts'
import type { TrainingEnvironment } from './training.ts'
import type { OutcomeOf } from './trial-outcome.ts'

/** The host and the process of an attempt, as the job sees them. */
export interface JobEnvironment extends TrainingEnvironment {
  readonly machine: Machine
  readonly outcomeOf: OutcomeOf
  /** Steps of a training. */
  readonly steps: number
  /** Told which trial is worked on. */
  readonly onTrial: (trial: string) => void
  /** Opens its engine. @throws TrellisError `service-failed` where the card of its host cannot be used */
  readonly openEngine: () => Promise<void>
  readonly openDataset: (path: string) => Pick<VersionedReader, 'versions'>
}
