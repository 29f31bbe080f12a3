import type { PipelineName } from '../../nas/pipelines/config.ts'
import { parseConfig } from '../../nas/pipelines/parse-config.ts'
import { type RunRecord, runRecordSchema } from '../../nas/pipelines/run.ts'
import { random } from '../../nas/random.ts'
import { type CourseOf, courses } from './course.ts'
import { CARD } from './host.ts'
import { pipelines } from './pipelines/index.ts'
import type { SimulatedPipeline } from './pipelines/pipeline.ts'

/** What is simulated: a run, the trials that it will try, and the machines that it gets. */
export interface Scenario {
  readonly record: RunRecord
  readonly courseOf: CourseOf
  /** Steps of a training. */
  readonly steps: number
  readonly slots: number
  readonly startUpSeconds: readonly [least: number, most: number]
  readonly reclaimsPerHour: number
  /** To write a checkpoint, or what else is large. */
  readonly uploadSeconds: number
}

/** Any time will do. */
export const START = Date.UTC(2030, 0, 1)

/** A small run of a pipeline, all of it drawn from the seed. */
export function scenarioOf(pipeline: PipelineName, seed: number): Scenario {
  const rng = random(seed, 'scenario')
  const { settings, difficulty }: SimulatedPipeline = pipelines[pipeline]
  return {
    record: recordOf({ ...settings(rng), seed }),
    courseOf: courses(difficulty),
    steps: 6,
    slots: 2 + rng.integer(3),
    startUpSeconds: [5, 40],
    reclaimsPerHour: 4 + 16 * rng.uniform(),
    uploadSeconds: 0,
  }
}

/** A run by its configuration. */
export const recordOf = (config: Readonly<Record<string, unknown>>): RunRecord =>
  runRecordSchema.parse({
    run: 'simulated',
    config: parseConfig({ compute: { card: CARD }, ...config }, 'the scenario'),
    dataset: { fingerprint: 'street-0', classes: ['road', 'sky'], train: 4, validation: 2 },
    code: '0.1.0',
    startedAt: START,
  })
