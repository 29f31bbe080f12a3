import type { JobStatus } from '@aws-sdk/client-batch'
import type { ExecutionListItem } from '@aws-sdk/client-sfn'
import type { CardOutputs } from '../../infra/outputs.ts'
import { TrellisError } from '../../nas/errors.ts'
import { counted } from '../../report/format.ts'
import { findRunByFullName } from '../find-run.ts'
import { type Cloud, inCloud } from './cloud.ts'
import { type DeployedOptions, type Machines, machinesOf, outputsOf } from './deployed.ts'
import { executionsOf, parseExecutionName, runningFor } from './executions.ts'
import { jobsIn, runOf } from './jobs.ts'
import { INSTEAD, onAwsRun } from './local-run.ts'
import type { Batch } from './services/batch.ts'
import type { Sfn } from './services/sfn.ts'

/** Ends what a run is doing on AWS, its jobs too, and says what that was. */
export const stop = (run: string, options: DeployedOptions): Promise<void> =>
  onAwsRun(run, INSTEAD.stop, () => inCloud(options, async (cloud) => console.log(await stopIn(cloud, run))))

const REASON = 'stopped by trellis stop'

/** @throws TrellisError `not-found` where nothing of the run is at work */
export async function stopIn({ deployed, store, services }: Cloud, run: string): Promise<string> {
  const { config } = await findRunByFullName(store, run)
  // Executions first: one that is running would submit a job again.
  const executions = await stopExecutions(await services.sfn(), machinesOf(deployed, config), run)
  const queues = outputsOf(deployed, config.compute.card)
  const jobs = await terminateJobs(await services.batch(), queues, run)
  if (executions + jobs === 0) {
    throw new TrellisError('not-found', `nothing of run ${run} is at work`, { fix: `trellis status ${run}` })
  }
  return [
    `stopped ${counted(executions, 'execution')} and ${counted(jobs, 'job')} of ${run}; those at work leave checkpoints`,
    `go on with: trellis resume ${run} --aws`,
  ].join('\n')
}

/** In the order in which they were started: one that started another would take the end of that for a failure. */
async function stopExecutions(sfn: Sfn, { Search, ...others }: Machines, run: string): Promise<number> {
  const running: Pick<ExecutionListItem, 'executionArn' | 'startDate'>[] = []
  for await (const execution of executionsOf(sfn, Search, 'RUNNING')) {
    if (parseExecutionName(execution.name!).run === run) running.push(execution)
  }
  for (const machine of Object.values(others)) running.push(...(await runningFor(sfn, machine, run)))
  const inOrder = running.toSorted((a, b) => a.startDate!.getTime() - b.startDate!.getTime())
  for (const { executionArn } of inOrder) await sfn.stopExecution({ executionArn, cause: REASON })
  return inOrder.length
}

/** All states before the last, in the order in which a job goes through them: none slips by between two questions. */
const ALIVE: readonly JobStatus[] = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING']

/** Step Functions ends the jobs of a stopped execution too, in its own time and as far as it can. */
async function terminateJobs(
  batch: Batch,
  { Queue, OnDemandQueue }: CardOutputs,
  run: string,
): Promise<number> {
  const alive = new Set<string>()
  for (const queue of [Queue, OnDemandQueue]) {
    if (queue === undefined) continue
    for (const status of ALIVE) {
      for await (const job of jobsIn(batch, queue, status)) {
        if (runOf(job) === run) alive.add(job.jobId!)
      }
    }
  }
  for (const jobId of alive) await batch.terminateJob({ jobId, reason: REASON })
  return alive.size
}
