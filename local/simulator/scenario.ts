import type { Inventory } from '../../nas/data/inventory.ts'
import { parseConfig } from '../../nas/pipelines/parse-config.ts'
import { runRecordSchema } from '../../nas/pipelines/run.ts'
import { CONTRACT } from '../../nas/runs/contract.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { CARD } from './host.ts'
import { simulatedPipelines } from './pipelines/index.ts'
import type { OutcomeOf } from './trial-outcome.ts'

/** What is simulated: the runs of a store, what comes of their trials, and the machines that they get. */
export interface Scenario {
  /** In the order in which they start. */
  readonly runs: readonly PlannedRun[]
  readonly files: DatasetFiles
  readonly outcomeOf: OutcomeOf
  /** Steps of a training. */
  readonly steps: number
  readonly slots: number
  readonly startUpSeconds: readonly [least: number, most: number]
  readonly reclaimsPerHour: number
  /** On a bad day, whatever drives a run dies so often: a few times about so many seconds after it has started. */
  readonly driverSeconds?: number
  /** To write a checkpoint, or what else is large. */
  readonly uploadSeconds: number
}

export interface PlannedRun {
  readonly record: RunRecord
  /** When it starts: after so many seconds, or so long after the run before it. */
  readonly startsAfter: { readonly previous: boolean; readonly seconds: number }
  /** Its computer loses power at that event of its search, and nobody resumes it. */
  readonly abandonedAt?: number
}

/** The one run of a store. */
export const alone = (record: RunRecord): readonly PlannedRun[] => [
  { record, startsAfter: { previous: false, seconds: 0 } },
]

/** The files of the dataset: when the run starts, and at each later revision of its ranking. */
export interface DatasetFiles {
  readonly start: Inventory
  readonly revisions: readonly Inventory[]
}

/** A generated dataset, and a ranking that is not revised. */
export const NO_FILES: DatasetFiles = { start: {}, revisions: [] }

/** Any time will do. */
export const START = Date.UTC(2030, 0, 1)

/** A run by its configuration. */
export function recordOf(settings: Readonly<Record<string, unknown>>, run = 'simulated'): RunRecord {
  const config = parseConfig({ compute: { card: CARD }, ...settings }, 'the scenario')
  return runRecordSchema.parse({
    run,
    config,
    ...simulatedPipelines.of(config.pipeline).facts?.(settings),
    dataset: { fingerprint: 'street-0', classes: ['road', 'sky'], train: 4, validation: 2 },
    code: '0.1.0',
    contract: CONTRACT,
    startedAt: START,
  })
}
