import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { BatchClient, type JobStatus, paginateListJobs } from '@aws-sdk/client-batch'
import { z } from 'zod'

/** Batch publishes no metric of its queues: this function, called on a schedule, counts what is in them. */
const eventSchema = z.object({ queues: z.array(z.string().min(1)) })

const STATES = {
  WaitingJobs: ['SUBMITTED', 'PENDING', 'RUNNABLE'],
  RunningJobs: ['STARTING', 'RUNNING'],
} as const satisfies Readonly<Record<string, readonly JobStatus[]>>

const client = new BatchClient({})

export async function handler(event: unknown): Promise<void> {
  for (const queue of eventSchema.parse(event).queues) await publish(queue)
}

async function publish(queue: string): Promise<void> {
  const metrics = new Metrics({ defaultDimensions: { queue } })
  for (const [name, states] of Object.entries(STATES)) {
    const counts = await Promise.all(states.map((state) => count(queue, state)))
    metrics.addMetric(
      name,
      MetricUnit.Count,
      counts.reduce((sum, n) => sum + n),
    )
  }
  metrics.publishStoredMetrics()
}

async function count(jobQueue: string, jobStatus: JobStatus): Promise<number> {
  let jobs = 0
  for await (const page of paginateListJobs({ client, pageSize: 1000 }, { jobQueue, jobStatus }))
    jobs += page.jobSummaryList?.length ?? 0
  return jobs
}
