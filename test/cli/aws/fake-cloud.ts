import type {
  ComputeEnvironmentDetail,
  JobDefinition,
  JobDetail,
  JobQueueDetail,
  JobStatus,
} from '@aws-sdk/client-batch'
import type { Cloud } from '../../../cli/aws/cloud.ts'
import type { Deployed } from '../../../cli/aws/deployed.ts'
import type { Batch } from '../../../cli/aws/services/batch.ts'
import type { Services } from '../../../cli/aws/services/services.ts'
import { writeOutputs } from '../../../infra/outputs.ts'
import { searchSizeSchema } from '../../../nas/runs/search-size.ts'
import { type MemoryStore, memoryStore } from '../../functions/memory-store.ts'
import { type FakeSfn, fakeSfn, pageOf } from './fake-sfn.ts'

const machine = (name: string) => arn('states', `stateMachine:trellis-t4-${name}`)
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:123456789012:${resource}`

export const deployed: Deployed = {
  name: 'trellis',
  region: 'eu-west-1',
  account: '123456789012',
  Bucket: 'trellis-store',
  JobLogs: '/trellis/jobs',
  Dashboard: 'trellis',
  Alarms: arn('sns', 'trellis-alarms'),
  ScheduleGroup: 'trellis',
  ScheduleRole: 'arn:aws:iam::123456789012:role/trellis-schedules',
  MaxCards: 16,
  SearchSize: searchSizeSchema.parse({}),
  cards: {
    t4: {
      Queue: arn('batch', 'job-queue/trellis-t4'),
      OnDemandQueue: arn('batch', 'job-queue/trellis-t4-on-demand'),
      machines: {
        dpc: { Search: machine('dpc'), Rerank: machine('dpc-rerank'), Revision: machine('dpc-revision') },
        densenas: { Search: machine('densenas') },
        'auto-fpn': { Search: machine('auto-fpn') },
        topformer: { Search: machine('topformer') },
      },
    },
  },
}
export const t4 = deployed.cards.t4!
/** The machines of dpc on that card. */
export const ofDpc = t4.machines.dpc as Readonly<Record<'Search' | 'Rerank' | 'Revision', string>>

/** The same as cdk writes the outputs of its stack to a file. */
export const deployedText = ((): string => {
  const { name, account, region, ...outputs } = deployed
  return JSON.stringify({ [name]: writeOutputs(outputs) })
})()

export interface FakeBatch extends Batch {
  readonly jobs: JobDetail[]
  readonly terminated: string[]
  environments: ComputeEnvironmentDetail[]
  definitions: JobDefinition[]
}

export const aJob = (
  jobId: string,
  status: JobStatus,
  run: string,
  more: Partial<JobDetail> = {},
): JobDetail => ({
  jobId,
  jobName: 'trellis-ProxyTask',
  jobQueue: t4.Queue,
  status,
  startedAt: 0,
  jobDefinition: 'trellis-t4-dpc-proxy-task',
  container: { environment: [{ name: 'TRELLIS_RUN', value: run }] },
  ...more,
})

export function fakeBatch(): FakeBatch {
  const jobs: JobDetail[] = []
  const terminated: string[] = []
  return {
    jobs,
    terminated,
    environments: [],
    definitions: [],
    async listJobs({ jobQueue, jobStatus, nextToken }) {
      const page = pageOf(
        jobs.filter((job) => job.jobQueue === jobQueue && job.status === jobStatus),
        nextToken,
      )
      return {
        jobSummaryList: page.items.map(({ jobId, jobName }) => ({ jobId, jobName })),
        nextToken: page.next,
      }
    },
    async describeJobs(request) {
      return { jobs: jobs.filter(({ jobId }) => request.jobs!.includes(jobId!)) }
    },
    async submitJob() {
      throw new Error('not expected')
    },
    async terminateJob({ jobId }) {
      terminated.push(jobId!)
      return {}
    },
    async describeJobQueues({ jobQueues = [] }) {
      return {
        jobQueues: jobQueues.map(
          (jobQueueArn): JobQueueDetail => ({
            jobQueueName: jobQueueArn.split('/')[1],
            jobQueueArn,
            state: 'ENABLED',
            priority: 1,
            computeEnvironmentOrder: this.environments.map(({ computeEnvironmentArn }, order) => ({
              order,
              computeEnvironment: computeEnvironmentArn,
            })),
          }),
        ),
      }
    },
    async describeComputeEnvironments({ computeEnvironments = [] }) {
      return {
        computeEnvironments: this.environments.filter(({ computeEnvironmentArn }) =>
          computeEnvironments.includes(computeEnvironmentArn!),
        ),
      }
    },
    async describeJobDefinitions({ jobDefinitionName }) {
      return {
        jobDefinitions: this.definitions.filter((each) => each.jobDefinitionName === jobDefinitionName),
      }
    },
  }
}

export interface FakeCloud extends Cloud {
  readonly store: MemoryStore
  readonly sfn: FakeSfn
  readonly batch: FakeBatch
}

/** A service that a command must not use. */
const unused = async () => {
  throw new Error('not expected')
}

export function fakeCloud(services: Partial<Services> = {}): FakeCloud {
  const sfn = fakeSfn()
  const batch = fakeBatch()
  return {
    deployed,
    store: memoryStore(),
    sfn,
    batch,
    services: {
      batch: async () => batch,
      sfn: async () => sfn,
      cloudFormation: unused,
      ec2: unused,
      ecr: unused,
      logs: unused,
      pricing: unused,
      scheduler: unused,
      serviceQuotas: unused,
      sts: unused,
      ...services,
    },
  }
}
