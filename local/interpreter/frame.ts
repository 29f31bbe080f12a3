import type { Json, JsonObject, States } from '../../pipelines/asl.ts'
import type { History } from './history.ts'
import type { Host } from './host.ts'

/** The environment of a state: all that it reads besides its input. */
export interface Frame {
  readonly host: Host
  readonly signal: AbortSignal
  readonly history: History
  /** The context object, `$states.context`. */
  readonly context: JsonObject
  /** The variables in scope. */
  readonly variables: Map<string, Json>
}

/** Runs states from StartAt to the end of a path. @returns the last output */
export type RunStates = (states: States, input: Json, frame: Frame) => Promise<Json>

/** The frame of an execution: no variables, and a new history. */
export function newFrame(host: Host, signal: AbortSignal, history: History, input: Json): Frame {
  const StartTime = new Date(host.now()).toISOString()
  const context = { Execution: { Id: `local${history.path}`, Input: input, StartTime } }
  return { host, signal, history, context, variables: new Map() }
}

/**
 * The frame of a branch or an inline iteration: it reads the variables of the enclosing state; its own assignments end with it.
 * A copy is enough, as the enclosing state assigns nothing until all branches have ended.
 */
export const innerFrame = (frame: Frame, signal: AbortSignal, context: JsonObject = {}): Frame => ({
  ...frame,
  signal,
  context: { ...frame.context, ...context },
  variables: new Map(frame.variables),
})
