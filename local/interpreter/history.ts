import type { JsonObject } from '../../pipelines/asl.ts'
import { StateFailure } from './failure.ts'

/** An event of an execution's history, named as in GetExecutionHistory. */
export interface HistoryEvent {
  /** Counts from 1 in each execution. */
  readonly id: number
  /** Milliseconds since 1970, by the host's clock. */
  readonly at: number
  readonly type: string
  /** The state of the event; undefined for an event of the execution itself. */
  readonly state: string | undefined
  /** The execution: empty for the main one, `/TrainRound[3]` for the fourth child of that Distributed Map. */
  readonly path: string
  readonly detail: JsonObject
}

export interface History {
  readonly path: string
  record(type: string, state?: string, detail?: JsonObject): void
  /** The history of a child execution, counted on its own. */
  child(name: string): History
}

/** Step Functions ends an execution whose history has 25,000 events. */
const eventLimit = 25_000

/** @param now the host's clock */
export function createHistory(now: () => number, onEvent: (event: HistoryEvent) => void, path = ''): History {
  let id = 0
  return {
    path,
    record(type, state, detail = {}) {
      if (id === eventLimit) {
        throw new StateFailure(
          'States.Runtime',
          `the execution reached the maximum number of history events (${eventLimit})`,
        )
      }
      onEvent({ id: ++id, at: now(), type, state, path, detail })
    },
    child: (name) => createHistory(now, onEvent, `${path}/${name}`),
  }
}
