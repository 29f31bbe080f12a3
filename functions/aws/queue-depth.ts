import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { BatchClient, type JobStatus, paginateListJobs } from '@aws-sdk/client-batch'
import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2'
import { z } from 'zod'

/**
 * Batch publishes no metric of its queues, nor of its instances, and ECS none while no task runs: this function, called on a schedule,
 * counts the jobs of each queue, and the instances of each card by their tags.
 */
const eventSchema = z.object({
  queues: z.array(z.string().min(1)),
  /** Values of the tags `trellis:deployment` and `trellis:card`. */
  deployment: z.string().min(1),
  cards: z.array(z.string().min(1)),
})

const STATES = {
  WaitingJobs: ['SUBMITTED', 'PENDING', 'RUNNABLE'],
  RunningJobs: ['STARTING', 'RUNNING'],
} as const satisfies Readonly<Record<string, readonly JobStatus[]>>

const client = new BatchClient({})
const ec2 = new EC2Client({})

export async function handler(event: unknown): Promise<void> {
  const { queues, deployment, cards } = eventSchema.parse(event)
  for (const queue of queues) await publish(queue)
  for (const card of cards) await publishInstances(deployment, card)
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

async function publishInstances(deployment: string, card: string): Promise<void> {
  const metrics = new Metrics({ defaultDimensions: { card } })
  metrics.addMetric('Instances', MetricUnit.Count, await countInstances(deployment, card))
  metrics.publishStoredMetrics()
}

/** Those that are paid. */
async function countInstances(deployment: string, card: string): Promise<number> {
  const Filters = [
    { Name: 'tag:trellis:deployment', Values: [deployment] },
    { Name: 'tag:trellis:card', Values: [card] },
    { Name: 'instance-state-name', Values: ['running'] },
  ]
  let instances = 0
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters }))
    for (const { Instances = [] } of Reservations) instances += Instances.length
  return instances
}

async function count(jobQueue: string, jobStatus: JobStatus): Promise<number> {
  let jobs = 0
  for await (const page of paginateListJobs({ client, pageSize: 1000 }, { jobQueue, jobStatus }))
    jobs += page.jobSummaryList?.length ?? 0
  return jobs
}
