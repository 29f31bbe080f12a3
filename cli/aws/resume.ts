import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn'
import { dropResults, incompleteTrials, isWhole } from '../../nas/pipelines/verify.ts'
import { checkContract } from '../../nas/runs/contract.ts'
import { checkEngine } from '../../nas/runs/images.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { findRunIn } from '../find-run.ts'
import { planOf } from '../plan.ts'
import { restoreInputs } from '../restore-inputs.ts'
import { announce, type Printing } from '../summary.ts'
import { type Cloud, inCloud } from './cloud.ts'
import { type DeployedOptions, machinesOf } from './deployed.ts'
import { isNamed } from './errors.ts'
import { latestExecution, parseExecutionName } from './executions.ts'
import { INSTEAD, onAwsRun } from './local-run.ts'
import type { Sfn } from './services/sfn.ts'
import { startExecution } from './start-execution.ts'
import { watchIn } from './watch.ts'

/** Goes on with a run on AWS that was stopped or has failed, and watches it; of one that is running, only that. */
export const resume = (name: string, { json, ...options }: DeployedOptions & Printing): Promise<void> =>
  onAwsRun(name, INSTEAD.withoutAws, () =>
    inCloud(options, async (cloud) => {
      const record = await findRunIn(cloud.store, name)
      announce(await planOf(cloud.store, record), { json })
      announce(await resumeIn(cloud, record.run), { json })
      await watchIn(cloud, record.run, { json })
    }),
  )

/** Returns what it did, in a line. */
export async function resumeIn({ deployed, store, services }: Cloud, name: string): Promise<string> {
  const record = await findRunIn(store, name)
  const { run } = record
  const { Search: machine } = machinesOf(deployed, record.config)
  const sfn = await services.sfn()
  const execution = await latestExecution(sfn, machine, run)
  if (execution?.status === 'RUNNING') return `run ${run} is running`
  const incomplete = await incompleteTrials(store, record)
  const hasLost = incomplete.length > 0
  if (execution?.status === 'SUCCEEDED' && !hasLost && (await isWhole(store, record)))
    return `run ${run} has ended`
  checkContract(record)
  checkEngine(record.config.compute)
  await restoreInputs(store, record)
  await dropResults(store, incomplete)
  // What has been lost is made by the steps before.
  if (execution !== undefined && !hasLost && (await redriven(sfn, execution)))
    return `run ${run} goes on where it stopped`
  return startedAgain(sfn, machine, record, execution)
}

/**
 * Goes on with the same execution, for 14 days after it ended. Only where it was cut short: one that failed went on to the
 * state that says so, and redriven it would fail there again.
 */
async function redriven(sfn: Sfn, { executionArn, status }: DescribeExecutionOutput): Promise<boolean> {
  if (status !== 'ABORTED' && status !== 'TIMED_OUT') return false
  try {
    await sfn.redriveExecution({ executionArn })
    return true
  } catch (error) {
    if (isNamed(error, 'ExecutionNotRedrivable')) return false
    throw error
  }
}

/** Every step finds what it had done, so a new execution ends as the old one would have. */
async function startedAgain(
  sfn: Sfn,
  machineArn: string,
  record: RunRecord,
  last: DescribeExecutionOutput | undefined,
): Promise<string> {
  const n = last === undefined ? 1 : parseExecutionName(last.name!).n + 1
  await startExecution(sfn, machineArn, record, n)
  return `run ${record.run} goes on from its store`
}
