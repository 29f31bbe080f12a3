import { TrellisError } from '../nas/errors.ts'
import type { Job } from '../nas/runs/job.ts'

/**
 * A job that has waited for a machine for longer than its task has waited for it would work for nobody.
 * @throws TrellisError `job-failed`
 */
export function checkAwaited({ deadline }: Pick<Job, 'deadline'>, now = Date.now()): void {
  if (deadline === undefined || now < deadline) return
  throw new TrellisError(
    'job-failed',
    `nobody waits for this job any more: its task timed out by ${new Date(deadline).toISOString()}`,
    { fix: 'trellis resume the run' },
  )
}
