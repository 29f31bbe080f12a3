/**
 * The failure of a task, a state or an execution: an error name, which Retry and Catch match, and a cause as text. A Host
 * throws it from `task`; `execute` throws it when the execution fails.
 */
export class StateFailure extends Error {
  /** As in ErrorEquals: `States.Timeout`, `Lambda.ServiceException`, the `name` of a function's error. */
  readonly error: string
  override readonly cause: string

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`)
    this.name = 'StateFailure'
    this.error = error
    this.cause = cause
  }
}

const terminal: readonly string[] = ['States.DataLimitExceeded', 'States.Runtime']

/** Whether no Retry and no Catch matches the failure, not even States.ALL (Step Functions guide, "Error names"). */
export const isTerminal = (failure: StateFailure): boolean => terminal.includes(failure.error)

/** States.TaskFailed matches every error but States.Timeout, States.ALL every error. */
export const matches = (errorEquals: readonly string[], error: string): boolean =>
  errorEquals.some(
    (name) =>
      name === error || name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout'),
  )
