import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn'
import { TrellisError } from '../../nas/errors.ts'
import { readLedger } from '../../nas/runs/ledger.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { findRunIn } from '../find-run.ts'
import { pipelineOf } from '../pipelines/index.ts'
import type { StoredProgress } from '../pipelines/pipeline.ts'
import { type Progress, viewOf } from '../progress.ts'
import type { View } from '../terminal.ts'
import type { Cloud } from './cloud.ts'
import { machinesOf } from './deployed.ts'
import { latestExecution, runningFor } from './executions.ts'
import { lastWords } from './last-words.ts'
import { progressOf } from './progress-from-store.ts'
import type { Sfn } from './services/sfn.ts'
import { type Shards, shardsInWords, shardsOf } from './shards.ts'

/** A run at one moment. */
export interface Snapshot {
  readonly record: RunRecord
  /** Undefined where AWS has forgotten it. */
  readonly execution: DescribeExecutionOutput | undefined
  readonly progress: Progress
  /** Of a search in rounds, from 1. */
  readonly round: number | undefined
  readonly shards: Shards | undefined
}

/** @throws TrellisError `not-found` naming the runs that there are */
export async function takeSnapshot(cloud: Cloud, name: string, now = Date.now): Promise<Snapshot> {
  const record = await findRunIn(cloud.store, name)
  const { run } = record
  const pipeline = pipelineOf(record.config)
  const machines = machinesOf(cloud.deployed, record.config)
  const sfn = await cloud.services.sfn()
  const execution = await latestExecution(sfn, machines.Search, run)
  const inStore = await pipeline.progressFromStore(cloud.store, record)
  const stored = execution?.status === 'SUCCEEDED' ? finished(inStore) : inStore
  const isRunning = execution?.status === 'RUNNING'
  const working =
    stored.machine === 'Search'
      ? execution?.executionArn
      : await executionOf(sfn, machines[stored.machine], run)
  const shards = isRunning && working !== undefined ? await shardsOf(sfn, working) : undefined
  const until = isRunning ? now() : (execution?.stopDate?.getTime() ?? now())
  // Clocks of two computers: that of the start, and this one or that of AWS.
  const elapsed = Math.max(0, until - record.startedAt) / 1000
  return {
    record,
    execution,
    progress: progressOf(record, stored, await readLedger(cloud.store, run), shards, elapsed),
    round: stored.round,
    shards,
  }
}

/** What a run that is over was at last waiting for is done. */
const finished = ({ trials, ...stored }: StoredProgress): StoredProgress => ({
  ...stored,
  trials: { ...trials, completed: trials.completed + trials.pending.length, pending: [] },
})

/** The execution of a machine that is at work for a run. */
async function executionOf(sfn: Sfn, machine: string | undefined, run: string): Promise<string | undefined> {
  const [execution] = machine === undefined ? [] : await runningFor(sfn, machine, run)
  return execution?.executionArn
}

/** As a run on this computer is shown, and where its shards are. */
export function viewOfSnapshot({ progress, round, shards }: Snapshot): View {
  const { block, line } = viewOf(progress)
  if (shards === undefined) return { block, line }
  const where = round === undefined ? shardsInWords(shards) : `round ${round}, ${shardsInWords(shards)}`
  return { block: [block[0]!, [`  ${where}`], ...block.slice(1)], line: `${line}; ${where}` }
}

/** Why an execution has ended without success, as one line. */
export async function causeOf(
  cloud: Pick<Cloud, 'deployed' | 'services'>,
  { status, error, cause }: DescribeExecutionOutput,
): Promise<string> {
  const told = (cause ?? error ?? `the execution is ${status}`).replaceAll(/\s*\n\s*/g, ' ')
  const said = await lastWords(cloud, told)
  return said === undefined ? told : `${told}: ${said}`
}

/** @throws TrellisError `job-failed` for an execution that has ended without success */
export async function checkSucceeded(
  cloud: Pick<Cloud, 'deployed' | 'services'>,
  run: string,
  execution: DescribeExecutionOutput,
): Promise<void> {
  if (execution.status === 'SUCCEEDED') return
  const how = execution.status === 'ABORTED' ? 'was stopped' : 'failed'
  throw new TrellisError('job-failed', `run ${run} ${how}: ${await causeOf(cloud, execution)}`, {
    fix: `trellis resume ${run} --aws`,
  })
}
