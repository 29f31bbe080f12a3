import type { ComputeEnvironmentDetail, JobDetail } from '@aws-sdk/client-batch'
import { counted, duration } from '../../../report/format.ts'
import { jobsIn } from '../jobs.ts'
import type { Batch } from '../services/batch.ts'
import type { Finding } from './finding.ts'

/** The environments behind some queues. */
export async function environmentsOf(
  batch: Batch,
  queues: readonly string[],
): Promise<readonly ComputeEnvironmentDetail[]> {
  const { jobQueues = [] } = await batch.describeJobQueues({ jobQueues: [...queues] })
  const names = jobQueues.flatMap(({ computeEnvironmentOrder = [] }) =>
    computeEnvironmentOrder.map(({ computeEnvironment }) => computeEnvironment!),
  )
  const { computeEnvironments = [] } = await batch.describeComputeEnvironments({
    computeEnvironments: [...new Set(names)],
  })
  return computeEnvironments
}

export const checkEnvironments = (environments: readonly ComputeEnvironmentDetail[]): readonly Finding[] =>
  environments.map(({ computeEnvironmentName, state, status, statusReason }) => {
    const what = `compute environment ${computeEnvironmentName} is ${state?.toLowerCase()} and ${status?.toLowerCase()}`
    if (state === 'ENABLED' && status !== 'INVALID') return { what }
    return {
      what: statusReason ? `${what}: ${statusReason}` : what,
      fix:
        state === 'ENABLED'
          ? 'mend what it says, then trellis deploy'
          : `aws batch update-compute-environment --state ENABLED --compute-environment ${computeEnvironmentName}`,
    }
  })

/** Queues that take no jobs, as where the budget is spent. */
export async function checkQueues(batch: Batch, queues: readonly string[]): Promise<readonly Finding[]> {
  const { jobQueues = [] } = await batch.describeJobQueues({ jobQueues: [...queues] })
  const closed = jobQueues.filter(({ state }) => state === 'DISABLED')
  return closed.map(({ jobQueueName }) => ({
    what: `job queue ${jobQueueName} takes no jobs: the budget is spent (money.closeQueues), or somebody has closed it`,
    fix: `aws batch update-job-queue --state ENABLED --job-queue ${jobQueueName}`,
  }))
}

/** Why Batch lets a job wait, as it says in statusReason, and what to do ("Jobs stuck in a RUNNABLE status", Batch guide). */
const REASONS: readonly (readonly [beginning: string, fix: string])[] = [
  [
    'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
    'AWS has no such machine to give now: wait, deploy with more zones, or take another card or region',
  ],
  [
    'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
    'a job needs more than the environment may grow to: raise maxCards and deploy',
  ],
  ['MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 'no machine is large enough for the job: deploy again'],
  [
    'MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED',
    'the machines cannot be started as they are configured: deploy again, or take another card or region',
  ],
  ['MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS', 'the role of Batch lacks permissions: deploy again'],
  ['ACTION_REQUIRED', 'see the compute environment in the console of Batch'],
]

const UNKNOWN =
  'see the quotas above, and the activity of the Auto Scaling group in the console of EC2: mostly it is a quota of 0'

/** Starting a machine and pulling an image takes minutes; who waits longer waits for something. */
const PATIENCE_MS = 15 * 60 * 1000

/** Why jobs wait for a machine. */
export async function checkWaiting(
  batch: Batch,
  queues: readonly string[],
  now: number,
): Promise<readonly Finding[]> {
  const waiting = new Map<string, JobDetail[]>()
  for (const queue of queues) {
    for await (const job of jobsIn(batch, queue, 'RUNNABLE')) {
      const reason = job.statusReason ?? ''
      waiting.set(reason, [...(waiting.get(reason) ?? []), job])
    }
  }
  if (waiting.size === 0) return [{ what: 'no job waits for a machine' }]
  return [...waiting].map(([reason, jobs]) => explainWaiting(reason, jobs, now))
}

function explainWaiting(reason: string, jobs: readonly JobDetail[], now: number): Finding {
  const longest = Math.max(...jobs.map(({ createdAt = now }) => now - createdAt))
  const what = `${counted(jobs.length, 'job')} in RUNNABLE for up to ${duration(longest / 1000)}${reason && `: ${reason}`}`
  const known = REASONS.find(([beginning]) => reason.startsWith(beginning))
  if (known !== undefined) return { what, fix: known[1] }
  return longest < PATIENCE_MS ? { what } : { what, fix: UNKNOWN }
}
