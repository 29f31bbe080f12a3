import type { SimulatedHost } from '../host.ts'

/** An attempt as it really was, whatever the ledger says of it. */
export interface TrueAttempt {
  /** Of its job, as TRELLIS_JOB names it. */
  readonly kind: string
  readonly run: string
  readonly jobId: string
  readonly attempt: number
  readonly host: SimulatedHost
  readonly startedAt: number
  /** Undefined while it runs. */
  endedAt: number | undefined
  /** Milliseconds of training, on a host of ordinary speed. */
  worked: number
  /** Whether it was killed, and so could not close its ledger entry. */
  killed: boolean
  /** Milliseconds in which nothing that it said was kept: its store failed, or its ledger entry was damaged. */
  unheard: number
}
