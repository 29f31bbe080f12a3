import type { HistoryEvent } from '../interpreter/history.ts'
import type { Operation } from './bucket/access.ts'
import type { Write } from './bucket/bucket.ts'
import type { SimulatedProcess } from './process.ts'

export type MachineEvent = HistoryEvent & {
  readonly run: string
  readonly machine: string
  readonly execution: number
}

/** Is told of everything that happens in a simulated run. */
export interface Watch {
  readonly log: (who: string, what: string) => void
  readonly onWrite: (write: Write, at: number) => void
  /** The store has not taken what a process wrote. */
  readonly onRefused: (by: SimulatedProcess, key: string, at: number) => void
  /** An object is not what was written any more: it was damaged, or somebody has deleted it. */
  readonly onLost: (key: string) => void
  readonly onDenied: (by: SimulatedProcess, operation: Operation, key: string) => void
  readonly onEvent: (event: MachineEvent) => void
  /** A trial is about to be trained by a process, for a run. */
  readonly onTrial: (process: string, run: string, trial: string, at: number) => void
}
