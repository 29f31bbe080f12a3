import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const closed: unknown[] = []

/** Batch and EC2, with a running job in `q`, and two pages of instances of which the second has one. */
const services = createServer(async (call, reply) => {
  const body = Buffer.concat(await call.toArray()).toString()
  if (call.url === '/v1/listjobs') {
    const { jobQueue, jobStatus } = JSON.parse(body) as { jobQueue: string; jobStatus: string }
    const jobs = jobQueue === 'q' && jobStatus === 'RUNNING' ? [{ jobId: 'j', jobName: 'n' }] : []
    return void reply.end(JSON.stringify({ jobSummaryList: jobs }))
  }
  if (call.url === '/v1/updatejobqueue') {
    closed.push(JSON.parse(body))
    return void reply.end('{}')
  }
  const asked = new URLSearchParams(body)
  const filters = [1, 2, 3].map((n) => `${asked.get(`Filter.${n}.Name`)}=${asked.get(`Filter.${n}.Value.1`)}`)
  expect(filters).toEqual([
    'tag:trellis:deployment=nas',
    'tag:trellis:card=t4',
    'instance-state-name=running',
  ])
  const instances = '<item><instanceId>i</instanceId></item>'.repeat(asked.get('NextToken') ? 1 : 2)
  const next = asked.get('NextToken') ? '' : '<nextToken>2</nextToken>'
  reply.end(
    `<DescribeInstancesResponse><reservationSet><item><instancesSet>${instances}</instancesSet></item></reservationSet>${next}</DescribeInstancesResponse>`,
  )
})

beforeAll(async () => {
  services.listen(0, '127.0.0.1')
  await once(services, 'listening')
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(services.address() as AddressInfo).port}`)
  for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test')
})
afterAll(() => {
  services.closeAllConnections()
  services.close()
})

test('the jobs of each queue are counted, and the instances with a card on which none runs', async () => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Trellis')
  // Powertools has a console of its own, past which vitest's does not see.
  const lines: unknown[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(JSON.parse(String(text))) > 0)
  const { handler } = await import('../../../functions/aws/queue-depth.ts')
  await handler({ deployment: 'nas', cards: { a100: ['q', 'r'], t4: ['s'] } })
  vi.restoreAllMocks()
  expect(lines).toMatchObject([
    { queue: 'q', WaitingJobs: 0, RunningJobs: 1 },
    { queue: 'r', WaitingJobs: 0, RunningJobs: 0 },
    { card: 'a100', IdleInstances: 0 },
    { queue: 's', WaitingJobs: 0, RunningJobs: 0 },
    { card: 't4', IdleInstances: 3 },
  ])
})

test('queues are closed by their names, whatever they are at', async () => {
  vi.stubEnv('TRELLIS_QUEUES', 'arn:q,arn:r')
  const { handler } = await import('../../../functions/aws/close-queues.ts')
  await handler()
  await handler()
  const all = ['arn:q', 'arn:r'].map((jobQueue) => ({ jobQueue, state: 'DISABLED' }))
  expect(closed).toHaveLength(4)
  expect(closed).toEqual(expect.arrayContaining(all))
})
