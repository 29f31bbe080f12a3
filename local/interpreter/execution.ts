import type { Json, States } from '../../pipelines/asl.ts'
import type { Frame, RunStates } from './frame.ts'

/** Runs an execution, or a child execution, and records its first and last events. */
export async function runExecution(states: States, input: Json, frame: Frame, run: RunStates): Promise<Json> {
  frame.history.record('ExecutionStarted', undefined, { input })
  const output = await run(states, input, frame)
  frame.history.record('ExecutionSucceeded', undefined, { output })
  return output
}
