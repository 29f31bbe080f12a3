import { refusedByBatch } from '../../../pipelines/failures.ts'
import { StateFailure } from '../../interpreter/failure.ts'
import type { VirtualClock } from '../clock.ts'
import type { Faults } from '../faults.ts'

/** An outage of the service: longer than any Retry. */
const REFUSED_MS = 600_000

const HOUR_MS = 3_600_000

/** SubmitJob, as far as it can be refused: now and then, for minutes, and for an hour while a run is likely to go on. */
export function createAccept(clock: VirtualClock, faults: Faults): () => Promise<void> {
  const { chance } = faults
  const isRefusing = faults.strikes('Batch refuses for an hour')
  const from = isRefusing ? clock.now() + HOUR_MS * chance.uniform() : Number.POSITIVE_INFINITY
  const error = isRefusing ? chance.pick(refusedByBatch) : ''
  let refusedUntil = 0
  return async () => {
    await clock.sleep(100)
    const now = clock.now()
    if (now >= from && now < from + HOUR_MS) throw new StateFailure(error, 'the request was not processed')
    if (faults.strikes('submission refused for long')) refusedUntil = now + REFUSED_MS
    if (faults.strikes('submission throttled') || now < refusedUntil)
      throw new StateFailure('Batch.AWSBatchException', 'Too Many Requests')
  }
}
