import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn'
import { TrellisError } from '../../nas/errors.ts'
import { readLedger } from '../../nas/runs/ledger.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { findRunIn } from '../find-run.ts'
import { pipelineOf } from '../pipelines/index.ts'
import { type Progress, viewOf } from '../progress.ts'
import type { View } from '../terminal.ts'
import type { Cloud } from './cloud.ts'
import { machinesOf } from './deployed.ts'
import { latestExecution, runningFor } from './executions.ts'
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
  const stored = await pipeline.progressFromStore(cloud.store, record)
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
export const causeOf = ({ status, error, cause }: DescribeExecutionOutput): string =>
  (cause ?? error ?? `the execution is ${status}`).replaceAll(/\s*\n\s*/g, ' ')

/** @throws TrellisError `job-failed` for an execution that has ended without success */
export function checkSucceeded(run: string, execution: DescribeExecutionOutput): void {
  if (execution.status === 'SUCCEEDED') return
  const how = execution.status === 'ABORTED' ? 'was stopped' : 'failed'
  throw new TrellisError('job-failed', `run ${run} ${how}: ${causeOf(execution)}`, {
    fix: `trellis resume ${run} --aws`,
  })
}
