import type { StateMachine } from '../../pipelines/asl.ts'
import { checkMachine } from './check.ts'
import { runExecution } from './execution.ts'
import { newFrame } from './frame.ts'
import { createHistory, type HistoryEvent } from './history.ts'
import type { Host } from './host.ts'
import { asJson, withinLimit } from './json.ts'
import { runStates } from './run-states.ts'
import { withTimeOut } from './time-out.ts'

/**
 * Executes a state machine as Step Functions would, and returns its output.
 *
 * Unsupported, and refused: JSONPath, activities and callbacks, heartbeats, readers other than JSONL, result writers.
 *
 * @throws TrellisError `invalid-pipeline` for a definition that cannot be executed
 * @throws StateFailure when the execution fails
 * @throws the signal's reason when it aborts, once all tasks have ended
 */
export async function execute(
  machine: StateMachine,
  input: unknown,
  host: Host,
  options: { readonly signal?: AbortSignal; readonly onEvent?: (event: HistoryEvent) => void } = {},
): Promise<unknown> {
  checkMachine(machine)
  const { signal = new AbortController().signal, onEvent = () => {} } = options
  const payload = withinLimit(asJson(input), 'the input')
  const history = createHistory(host.now, onEvent)
  return withTimeOut(machine.TimeoutSeconds, host, signal, (until) =>
    runExecution(machine, payload, newFrame(host, until, history, payload), runStates),
  )
}
