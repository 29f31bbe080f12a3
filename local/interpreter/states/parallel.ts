import type { Json, ParallelState } from '../../../pipelines/asl.ts'
import { evaluate } from '../expression.ts'
import { type Frame, innerFrame, type RunStates } from '../frame.ts'
import { withinLimit } from '../json.ts'
import { conclude } from '../result.ts'
import { together } from '../together.ts'

/** Runs every branch on the same input; the result is the list of their outputs. A failed branch aborts the others. */
export async function parallel(
  state: ParallelState,
  name: string,
  input: Json,
  frame: Frame,
  run: RunStates,
): Promise<Json> {
  const args = state.Arguments === undefined ? input : await evaluate(state.Arguments, { input }, frame)
  frame.history.record('ParallelStateStarted', name)
  const result = await together(
    state.Branches.map((branch) => (signal) => run(branch, args, innerFrame(frame, signal))),
    state.Branches.length,
    frame.signal,
  )
  frame.history.record('ParallelStateSucceeded', name)
  return conclude(state, { input, result: withinLimit(result, 'the result of all branches') }, result, frame)
}
