import type { Json, JsonObject, States } from '../../pipelines/asl.ts'
import type { History } from './history.ts'
import type { Host } from './host.ts'

/** Where a state runs: all that it sees beside its input. */
export interface Frame {
  readonly host: Host
  readonly signal: AbortSignal
  readonly history: History
  /** The context object, `$states.context`. */
  readonly context: JsonObject
  /** The variables in reach. */
  readonly variables: Map<string, Json>
}

/** Runs states from StartAt to the end of one path and returns the last output. */
export type RunStates = (states: States, input: Json, frame: Frame) => Promise<Json>

/** The frame of an execution of its own: no variables, and a history that starts with the input. */
export function newFrame(host: Host, signal: AbortSignal, history: History, input: Json): Frame {
  const StartTime = new Date(host.now()).toISOString()
  const context = { Execution: { Id: `local${history.path}`, Input: input, StartTime } }
  return { host, signal, history, context, variables: new Map() }
}

/**
 * The frame of a branch or an inline iteration: it reads the variables around it, and what it assigns ends with it.
 * A copy will do, for the state around it assigns nothing until all branches have ended.
 */
export const innerFrame = (frame: Frame, signal: AbortSignal, context: JsonObject = {}): Frame => ({
  ...frame,
  signal,
  context: { ...frame.context, ...context },
  variables: new Map(frame.variables),
})
