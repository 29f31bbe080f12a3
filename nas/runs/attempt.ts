import { type ErrorCode, TrellisError } from '../errors.ts'
import type { ObjectStore } from '../store/store.ts'
import { firstLine } from './failure.ts'
import { Interrupted } from './interrupted.ts'
import { EXIT, type Job } from './job.ts'
import { type Machine, openEntry } from './open-entry.ts'
import type { RunRecord } from './record.ts'

/** How an attempt of a job ended; `error` is what ended it otherwise than well or by being told to stop. */
export interface Ended {
  readonly exit: (typeof EXIT)[keyof typeof EXIT]
  readonly error?: unknown
}

/** Does the work of one attempt between the opening and the closing of its ledger entry. Never rejects. */
export async function runAttempt(
  store: ObjectStore,
  job: Job,
  record: RunRecord,
  machine: Machine,
  work: () => Promise<void>,
): Promise<Ended> {
  try {
    const entry = await openEntry(store, job, record, machine)
    try {
      await work()
      await entry.close('succeeded')
      return { exit: EXIT.done }
    } catch (error) {
      if (error instanceof Interrupted) {
        await entry.close('interrupted')
        return { exit: EXIT.retry }
      }
      await entry.close('failed', firstLine(error))
      throw error
    }
  } catch (error) {
    return { exit: exitFor(error), error }
  }
}

/** Bad input stays bad, and so does what is damaged: that failure is permanent. A store or a machine that fails may recover. */
export const exitFor = (error: unknown): typeof EXIT.permanentFailure | typeof EXIT.retry =>
  error instanceof TrellisError && (error.permanent || !MAY_PASS.includes(error.code))
    ? EXIT.permanentFailure
    : EXIT.retry

const MAY_PASS: readonly ErrorCode[] = ['store-failed', 'service-failed']
