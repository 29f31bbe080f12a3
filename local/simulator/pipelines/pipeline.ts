import type { Random } from '../../../nas/random.ts'
import type { RunConfig } from '../../../nas/runs/config.ts'
import type { Job } from '../../../nas/runs/job.ts'
import type { RunRecord } from '../../../nas/runs/record.ts'
import { parseJson } from '../../../nas/store/json.ts'
import type { JobEnvironment } from '../job-environment.ts'
import type { FinishedRun, ObjectMap, Revision, RunArtifacts } from '../run-artifacts.ts'
import type { Difficulty } from '../trial-outcome.ts'

/** The work of a job, but for training itself; ends as the job of the product ends. */
export type Work = (job: Job, record: RunRecord, environment: JobEnvironment) => Promise<void>

/** How the ranking of a run is revised when it is over. */
export interface Revisions {
  /** The machine that does it. */
  readonly machine: string
  /** The promises of a revision after the dataset has changed: a line for each that was broken. */
  violations(revision: Revision): readonly string[]
}

/** All that the simulator knows of one pipeline. @typeParam Kind of its jobs */
export interface SimulatedPipeline<Kind extends string = string> {
  readonly work: Readonly<Record<Kind, Work>>
  /** What its trainings are like. */
  readonly difficulty: Difficulty
  /** A configuration, small, all of whose settings are drawn. */
  settings(rng: Random): Readonly<Record<string, unknown>>
  /** What the start of a run of those settings finds out beside its dataset. */
  facts?(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>
  /** The trials that the run has decided to train. */
  trials(run: FinishedRun): readonly string[]
  /** Whether an object depends on nothing but the configuration, however often a run is interrupted. */
  isResult(key: string, run: string): boolean
  /** The configuration with which a run without faults tries just what this one has tried. */
  withoutFaults(run: FinishedRun): RunConfig
  /** Whether its budget has ended the search, or cut it short. */
  isOutOfBudget(run: FinishedRun): boolean
  /** The promises that it alone makes: a line for each that was broken. */
  violations(artifacts: RunArtifacts): readonly string[]
  /** Null where a ranking is final. */
  readonly revisions: Revisions | null
}

export function readObject<T>(
  objects: ObjectMap,
  key: string,
  schema: { parse(value: unknown): T },
): T | undefined {
  const bytes = objects.get(key)
  return bytes && schema.parse(parseJson(bytes))
}
