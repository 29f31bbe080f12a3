import type { RunRecord } from '../../nas/runs/record.ts'
import { jobsAtOnce } from '../place.ts'
import { executionName } from './executions.ts'
import type { Sfn } from './services/sfn.ts'

/** Starts the search of a run. Asked twice for the same one, Step Functions starts it once. @param n which of the run's */
export async function startExecution(
  sfn: Sfn,
  machineArn: string,
  { run, config }: RunRecord,
  n: number,
): Promise<void> {
  await sfn.startExecution({
    stateMachineArn: machineArn,
    name: executionName(run, n),
    input: JSON.stringify({ run, concurrency: jobsAtOnce(config.compute, 'aws') }),
  })
}
