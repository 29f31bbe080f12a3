import { z } from 'zod'
import type { Attempt, Outcome } from './batch/job.ts'
import type { Queue } from './batch/queue.ts'
import { StateFailure } from './interpreter/failure.ts'

const request = z.object({
  JobName: z.string(),
  JobDefinition: z.string(),
  ContainerOverrides: z.object({
    Environment: z.array(z.object({ Name: z.string(), Value: z.string() })),
  }),
})

/** The most that Batch allows. A trial that kills its job is given up by the job itself, long before. */
const attempts = 10

/** A last resort against a job that hangs. */
const timeoutSeconds = 24 * 3600

/**
 * `batch:submitJob.sync` on the local queue.
 *
 * @param definition the environment that a job definition sets, by its name
 */
export async function submitJob(
  queue: Queue,
  definition: (name: string) => Readonly<Record<string, string>>,
  args: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const { JobName, JobDefinition, ContainerOverrides } = request.parse(args)
  const overrides = ContainerOverrides.Environment.map(({ Name, Value }) => [Name, Value] as const)
  const environment = { ...definition(JobDefinition), ...Object.fromEntries(overrides) }
  const outcome = await queue.submit({ name: JobName, environment, attempts, timeoutSeconds }, signal)
  const description = describe(JobName, outcome)
  if (outcome.succeeded) return description
  throw new StateFailure('States.TaskFailed', JSON.stringify(description))
}

/** As DescribeJobs tells it. */
const describe = (JobName: string, { jobId, succeeded, attempts }: Outcome) => ({
  JobId: jobId,
  JobName,
  Status: succeeded ? 'SUCCEEDED' : 'FAILED',
  Attempts: attempts.map((attempt) => ({
    Container: container(attempt),
    StartedAt: attempt.startedAt,
    StoppedAt: attempt.endedAt,
  })),
  Container: container(attempts.at(-1)!),
})

const container = ({ exitCode, reason }: Attempt) => ({ ExitCode: exitCode, Reason: reason })
