import { BatchClient, UpdateJobQueueCommand } from '@aws-sdk/client-batch'
import { z } from 'zod'

const queues = z
  .string('TRELLIS_QUEUES does not say which queues these are')
  .min(1)
  .parse(process.env.TRELLIS_QUEUES)
  .split(',')

const client = new BatchClient({})

/**
 * Called once the budget of a deployment is spent: its queues take no more jobs, and those that they have go on to their end. A queue
 * that is closed already stays so.
 */
export async function handler(): Promise<void> {
  const close = (jobQueue: string) => client.send(new UpdateJobQueueCommand({ jobQueue, state: 'DISABLED' }))
  await Promise.all(queues.map(close))
}
