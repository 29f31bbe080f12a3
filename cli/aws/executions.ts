import type { DescribeExecutionOutput, ExecutionListItem, ExecutionStatus } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { machinesOf, type Outputs } from '../../infra/outputs.ts'
import { paged } from '../../nas/paged.ts'
import type { Sfn } from './services/sfn.ts'

/*
 * The first execution of a run has its name. One that starts it again after that has ended has `<run>_2`, and so on: no run
 * has an underscore in its name.
 */

export const executionName = (run: string, n: number): string => (n === 1 ? run : `${run}_${n}`)

export function parseExecutionName(name: string): { readonly run: string; readonly n: number } {
  const [run, n] = name.split('_')
  return { run: run!, n: n === undefined ? 1 : Number(n) }
}

/** The executions of a machine, the latest first. */
export const executionsOf = (
  sfn: Sfn,
  machineArn: string,
  statusFilter?: ExecutionStatus,
): AsyncIterable<ExecutionListItem> =>
  paged('executions', async (nextToken) => {
    const page = await sfn.listExecutions({ stateMachineArn: machineArn, statusFilter, nextToken })
    return { items: page.executions, next: page.nextToken }
  })

/** All that run in a deployment. */
export async function* runningIn(
  sfn: Sfn,
  { cards }: Pick<Outputs, 'cards'>,
): AsyncGenerator<ExecutionListItem> {
  for (const card of Object.values(cards))
    for (const machine of machinesOf(card)) yield* executionsOf(sfn, machine, 'RUNNING')
}

/** The latest execution of a run's search; undefined where there is none, as AWS forgets it after 90 days. */
export async function latestExecution(
  sfn: Sfn,
  machineArn: string,
  run: string,
): Promise<DescribeExecutionOutput | undefined> {
  for await (const { name, executionArn } of executionsOf(sfn, machineArn)) {
    if (parseExecutionName(name!).run === run) return sfn.describeExecution({ executionArn })
  }
  return undefined
}

const inputSchema = z.object({ run: z.string() })

/** Running executions of a machine for a run, started by a user, a schedule or another machine. */
export async function runningFor(
  sfn: Sfn,
  machineArn: string,
  run: string,
): Promise<readonly DescribeExecutionOutput[]> {
  const found: DescribeExecutionOutput[] = []
  for await (const { executionArn } of executionsOf(sfn, machineArn, 'RUNNING')) {
    const execution = await sfn.describeExecution({ executionArn })
    if (inputSchema.parse(JSON.parse(execution.input!)).run === run) found.push(execution)
  }
  return found
}
