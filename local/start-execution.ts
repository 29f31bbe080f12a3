import { z } from 'zod'
import { StateFailure } from './interpreter/failure.ts'

const request = z.object({ StateMachineArn: z.string(), Input: z.json() })

/**
 * `states:startExecution.sync:2`: the failure of the inner execution fails the task, its description is the cause.
 *
 * @param start executes a machine
 */
export async function startExecution(
  start: (machine: string, input: unknown, signal: AbortSignal) => Promise<unknown>,
  args: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const { StateMachineArn, Input } = request.parse(args)
  try {
    const output = await start(StateMachineArn, Input, signal)
    return { Status: 'SUCCEEDED', Output: output }
  } catch (thrown) {
    if (!(thrown instanceof StateFailure)) throw thrown
    const description = { Cause: thrown.cause, Error: thrown.error, Status: 'FAILED' }
    throw new StateFailure('States.TaskFailed', JSON.stringify(description))
  }
}
