import { runKeys } from '../../nas/runs/keys.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import type { StateMachine } from '../../pipelines/asl.ts'
import type { Pipeline } from '../../pipelines/pipeline.ts'
import { sharedFunctions } from '../../pipelines/shared.ts'
import { machineOf } from '../definition.ts'
import { createBatch, type SimulatedBatch } from './batch/queue.ts'
import { type Bucket, createBucket } from './bucket/bucket.ts'
import { drawOutage, type Outage } from './bucket/outage.ts'
import { type VirtualClock, virtualClock } from './clock.ts'
import { type Damage, drawDamage } from './damage.ts'
import { createDataset, type SimulatedDataset } from './dataset.ts'
import { type Execution, type StartOptions, startOf } from './execution.ts'
import type { Faults } from './faults.ts'
import { createLambda } from './lambda.ts'
import { createOperator, type Operator } from './operator.ts'
import { drawPool } from './pool.ts'
import { startProcess } from './process.ts'
import type { Product } from './product.ts'
import { type Scenario, START } from './scenario.ts'
import type { Watch } from './watch.ts'

/** All that simulated runs happen in. */
export interface World {
  readonly scenario: Scenario
  readonly clock: VirtualClock
  readonly faults: Faults
  readonly bucket: Bucket
  readonly batch: SimulatedBatch
  readonly dataset: SimulatedDataset
  /** Of the runs' pipeline, by their names. */
  readonly outage: Outage
  readonly damage: Damage
  readonly operator: Operator
  readonly machines: Readonly<Record<string, StateMachine>>
  start(options: StartOptions): Execution
}

/** @param watch told of everything that happens @param onUnhelpful see `createOperator` */
export function createWorld(
  scenario: Scenario,
  product: Product,
  faults: Faults,
  watch: Watch,
  onUnhelpful: (run: string, error: string) => void,
): World {
  const { pipeline } = scenario.runs[0]!.record.config
  const definition = product.definition(pipeline)
  const clock = virtualClock(START, faults.chance.uniform)
  const dataset = createDataset(scenario.files.start)
  const openDataset = () => dataset
  const outage = drawOutage(clock, faults)
  const pool = drawPool(clock, faults)
  const bucket = createBucket({
    clock,
    faults,
    outage,
    onLost: watch.onLost,
    initial: filesNoted(scenario),
    onWrite: (write) => watch.onWrite(write, clock.now()),
    onRefused: (by, key) => watch.onRefused(by, key, clock.now()),
    onDenied: watch.onDenied,
    uploadMs: 1000 * scenario.uploadSeconds,
  })
  const damage = drawDamage(clock, bucket, faults, watch.log)
  const operator = createOperator({
    faults,
    bucket,
    outage,
    damage,
    pool,
    log: watch.log,
    recordOf: (run) => scenario.runs.find(({ record }) => record.run === run)!.record,
    onUnhelpful,
  })
  const batch = createBatch({
    ...scenario,
    clock,
    pool,
    faults,
    log: watch.log,
    runJob: (variables, environment) =>
      product.runJob(variables, {
        ...environment,
        openDataset,
        steps: scenario.steps,
        store: bucket.connect(environment.process, jobAccess(definition, variables.TRELLIS_JOB)),
        onTrial: (trial) => {
          environment.onTrial(trial)
          watch.onTrial(environment.process.name, variables.TRELLIS_RUN!, trial, clock.now())
        },
      }),
  })
  const invoke = createLambda({
    clock,
    faults,
    handlersIn: (process, name) => {
      const access = { ...sharedFunctions, ...definition.functions }[name]
      return product.handlers(pipeline, { store: bucket.connect(process, access), openDataset })
    },
    log: watch.log,
  })
  const machines = Object.fromEntries(
    Object.keys(definition.machines).map((name) => [name, machineOf(definition, name, 'simulated')]),
  )
  const queue = product.queue(batch)
  const start = startOf({ clock, bucket, machines, definition, invoke, queue, watch })
  return { scenario, clock, faults, bucket, batch, dataset, outage, damage, operator, machines, start }
}

const jobAccess = ({ jobs }: Pipeline, kind: string | undefined) =>
  Object.values(jobs).find((job) => job.kind === kind)

/** The start of a run notes the files of its dataset. */
const filesNoted = ({ runs, files }: Scenario): ReadonlyMap<string, Uint8Array> =>
  new Map(
    runs.map(({ record }) => [
      runKeys(record.run).files(record.dataset.fingerprint),
      jsonBytes({ files: files.start }),
    ]),
  )

/** Records the run, as its start does. */
export async function recordRun({ bucket, clock, outage }: World, record: RunRecord): Promise<void> {
  await outage.mended()
  const process = startProcess(clock, 'start')
  process.spared = true
  await bucket.connect(process).put(runKeys(record.run).config, jsonBytes(record))
}
