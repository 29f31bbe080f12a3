import type { RunRecord } from '../../nas/runs/record.ts'
import type { TrueAttempt } from './batch/true-attempt.ts'
import type { Observations } from './observations.ts'
import type { Scenario } from './scenario.ts'

export type ObjectMap = ReadonlyMap<string, Uint8Array>

/** A run that is over, as its store tells of it. */
export interface FinishedRun {
  readonly record: RunRecord
  readonly objects: ObjectMap
}

/** How a machine of a run ended, however often it had to be started. */
export interface RunEnd {
  /** What executions have ended with that no disturbance, and nothing that had to be mended, explains. */
  readonly unexplained: readonly string[]
  readonly output: unknown
  readonly error: string | undefined
  readonly executions: number
}

/** A revision of the ranking of a run that was over. */
export interface Revision {
  readonly run: string
  /** Whether the files of the dataset had changed since the ranking. */
  readonly changed: boolean
  readonly before: ObjectMap
  readonly after: ObjectMap
  /** Kinds of the jobs that it has started, an entry for each attempt. */
  readonly jobs: readonly string[]
  readonly end: RunEnd
}

/** All that a simulated run has left when nothing of it runs any more. */
export interface RunArtifacts extends FinishedRun {
  readonly scenario: Scenario
  readonly attempts: readonly TrueAttempt[]
  readonly seen: Observations
  /** Of the search. */
  readonly end: RunEnd
  readonly revisions: readonly Revision[]
}
