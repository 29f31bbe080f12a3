import type { Json, TaskState } from '../../../pipelines/asl.ts'
import { evaluate } from '../expression.ts'
import { StateFailure } from '../failure.ts'
import type { Frame } from '../frame.ts'
import { asJson, withinLimit } from '../json.ts'
import { conclude } from '../result.ts'
import { withTimeOut } from '../time-out.ts'

/** Arguments are the input by default. */
export async function task(state: TaskState, name: string, input: Json, frame: Frame): Promise<Json> {
  const { host, history, signal } = frame
  const args = state.Arguments === undefined ? input : await evaluate(state.Arguments, { input }, frame)
  withinLimit(args, 'what is passed to the task')
  history.record('TaskScheduled', name, { resource: state.Resource })
  history.record('TaskStarted', name)
  // A .sync integration first submits and then waits.
  if (state.Resource.includes('.sync')) history.record('TaskSubmitted', name)
  let result: Json
  try {
    result = asJson(
      await withTimeOut(state.TimeoutSeconds, host, signal, (until) =>
        host.task(state.Resource, args, until),
      ),
    )
  } catch (thrown) {
    if (thrown instanceof StateFailure) {
      const { error, cause } = thrown
      history.record(error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed', name, { error, cause })
    }
    throw thrown
  }
  history.record('TaskSucceeded', name)
  withinLimit(result, 'the result of the task')
  return conclude(state, { input, result }, result, frame)
}
