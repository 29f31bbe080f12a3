import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { BatchClient, type JobStatus, paginateListJobs } from '@aws-sdk/client-batch'
import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2'
import { z } from 'zod'

/**
 * Batch publishes no metric of its queues, nor of its instances, and ECS none while no task runs: this function, called on a schedule,
 * counts the jobs of each queue, and the instances with a card whose queues have no job that runs.
 */
const eventSchema = z.object({
  /** Value of the tag `trellis:deployment`. */
  deployment: z.string().min(1),
  /** Of each card, the value of the tag `trellis:card`, all queues. */
  cards: z.record(z.string(), z.array(z.string().min(1))),
})

const STATES = {
  WaitingJobs: ['SUBMITTED', 'PENDING', 'RUNNABLE'],
  RunningJobs: ['STARTING', 'RUNNING'],
} as const satisfies Readonly<Record<string, readonly JobStatus[]>>

const client = new BatchClient({})
const ec2 = new EC2Client({})

export async function handler(event: unknown): Promise<void> {
  const { deployment, cards } = eventSchema.parse(event)
  for (const [card, queues] of Object.entries(cards)) {
    let running = 0
    for (const queue of queues) {
      const jobs = {
        WaitingJobs: await countAll(queue, STATES.WaitingJobs),
        RunningJobs: await countAll(queue, STATES.RunningJobs),
      }
      publish({ queue }, jobs)
      running += jobs.RunningJobs
    }
    publish({ card }, { IdleInstances: running > 0 ? 0 : await countInstances(deployment, card) })
  }
}

function publish(
  defaultDimensions: Readonly<Record<string, string>>,
  values: Readonly<Record<string, number>>,
): void {
  const metrics = new Metrics({ defaultDimensions: { ...defaultDimensions } })
  for (const [name, value] of Object.entries(values)) metrics.addMetric(name, MetricUnit.Count, value)
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

async function countAll(queue: string, states: readonly JobStatus[]): Promise<number> {
  const counts = await Promise.all(states.map((state) => count(queue, state)))
  return counts.reduce((sum, n) => sum + n)
}

async function count(jobQueue: string, jobStatus: JobStatus): Promise<number> {
  let jobs = 0
  for await (const page of paginateListJobs({ client, pageSize: 1000 }, { jobQueue, jobStatus }))
    jobs += page.jobSummaryList?.length ?? 0
  return jobs
}
