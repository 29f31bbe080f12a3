import type { RunRecord } from '../../../nas/pipelines/run.ts'
import type { Random } from '../../../nas/random.ts'
import type { Job, JobKind } from '../../../nas/runs/job.ts'
import type { Bucket } from '../bucket.ts'
import type { Remains } from '../check.ts'
import type { Difficulty } from '../course.ts'
import type { Surroundings } from '../job.ts'

/** The work of a job, but for training itself; ends as the job of the product ends. */
export type Work = (job: Job, record: RunRecord, around: Surroundings) => Promise<void>

/** A run that is over, as its store tells of it. */
export type Left = Pick<Remains, 'objects'> & { readonly record: RunRecord }

/** All that the simulator knows of one pipeline. */
export interface SimulatedPipeline {
  readonly work: Readonly<Partial<Record<JobKind, Work>>>
  /** What its trainings are like. */
  readonly difficulty: Difficulty
  /** A configuration, small, all of whose settings are drawn. */
  settings(rng: Random): Readonly<Record<string, unknown>>
  /** The trials that the run has decided to train. */
  trials(left: Left): readonly string[]
  /** Whether an object depends on nothing but the configuration, however often a run is interrupted. */
  isResult(key: string, run: string): boolean
  /** The configuration with which a run without faults tries just what this one has tried. */
  withoutFaults(left: Left): RunRecord['config']
  /** The promises that it alone makes: a line for each that was broken. */
  violations(remains: Remains): readonly string[]
}

export function readObject<T>(
  objects: Bucket['objects'],
  key: string,
  schema: { parse(value: unknown): T },
): T | undefined {
  const bytes = objects.get(key)
  return bytes && schema.parse(JSON.parse(new TextDecoder().decode(bytes)))
}
