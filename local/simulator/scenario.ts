import { random } from '../../nas/random.ts'
import { parseConfig } from '../../nas/runs/parse-config.ts'
import { type RunRecord, runRecordSchema } from '../../nas/runs/run.ts'
import { type CourseOf, courses } from './course.ts'
import { CARD } from './host.ts'

/** What is simulated: a run, the trials that it will try, and the machines that it gets. */
export interface Scenario {
  readonly record: RunRecord
  readonly courseOf: CourseOf
  /** Steps of a training. */
  readonly steps: number
  readonly slots: number
  readonly startUpSeconds: readonly [least: number, most: number]
  readonly reclaimsPerHour: number
}

/** Any time will do. */
export const START = Date.UTC(2030, 0, 1)

const FAILING = { diverges: 0.06, memory: 0.03, raises: 0.04 }

/** A small run whose every setting is drawn from the seed; half of them end by their money or time. */
export function scenarioOf(seed: number): Scenario {
  const rng = random(seed, 'scenario')
  const between = (least: number, most: number) => least + rng.integer(most - least + 1)
  const perRound = between(3, 7)
  const trials = perRound * between(2, 3) + between(0, 2)
  // Somewhere between the first round and the last.
  const gpuHours = (trials * (0.3 + 0.6 * rng.uniform()) * 100) / 3600
  const limit = rng.pick([{}, {}, { gpuHours }, { usd: gpuHours * 0.22 }])
  return {
    record: recordOf({
      seed,
      search: {
        strategy: rng.pick([
          { kind: 'random' },
          { kind: 'local' },
          { kind: 'evolution', population: 4, tournament: 2 },
        ]),
        perRound,
        trialsPerJob: between(1, 3),
      },
      rerank: { top: between(2, 3), seeds: rng.pick([[0], [0, 1]]) },
      budget: { trials, ...limit },
    }),
    courseOf: courses({ seconds: [40, 120], failing: FAILING }),
    steps: 6,
    slots: between(2, 4),
    startUpSeconds: [5, 40],
    reclaimsPerHour: 4 + 16 * rng.uniform(),
  }
}

/** A run with some settings of its configuration. */
export const recordOf = (settings: Readonly<Record<string, unknown>>): RunRecord =>
  runRecordSchema.parse({
    run: 'simulated',
    config: parseConfig(
      { pipeline: 'dpc', dataset: { kind: 'street' }, compute: { card: CARD }, ...settings },
      'the scenario',
    ),
    dataset: { fingerprint: 'street-0', classes: ['road', 'sky'], train: 4, validation: 2 },
    code: '0.1.0',
    startedAt: START,
  })
