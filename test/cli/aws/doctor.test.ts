import {
  BatchServiceException,
  type ComputeEnvironmentDetail,
  type JobDefinition,
} from '@aws-sdk/client-batch'
import { ImageNotFoundException } from '@aws-sdk/client-ecr'
import { NoSuchResourceException } from '@aws-sdk/client-service-quotas'
import { beforeEach, describe, expect, test } from 'vitest'
import { checkPrices, examine } from '../../../cli/aws/doctor/doctor.ts'
import { type Finding, findingsInWords } from '../../../cli/aws/doctor/finding.ts'
import type { Ecr } from '../../../cli/aws/services/ecr.ts'
import type { ServiceQuotas } from '../../../cli/aws/services/service-quotas.ts'
import { builtInPrices } from '../../../nas/runs/prices.ts'
import { aJob, deployed, type FakeBatch, fakeBatch, t4 } from './fake-cloud.ts'

const MINUTE = 60_000
const NOW = 1000 * MINUTE

const environment = (type: 'SPOT' | 'EC2', more: Partial<ComputeEnvironmentDetail> = {}) => ({
  computeEnvironmentName: `t4-${type}`,
  computeEnvironmentArn: `arn:aws:batch:eu-west-1:123456789012:compute-environment/t4-${type}`,
  state: 'ENABLED' as const,
  status: 'VALID' as const,
  computeResources: { type, maxvCpus: 64, instanceTypes: ['g4dn.xlarge'], subnets: [] },
  ...more,
})

const IMAGE =
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com/cdk-hnb659fds-container-assets-123456789012-eu-west-1:0123456789abcdef'
const definition = (revision: number, image: string): JobDefinition => ({
  jobDefinitionName: 'trellis-t4-dpc-proxy-task',
  jobDefinitionArn: '',
  revision,
  type: 'container',
  containerProperties: { image },
})

let batch: FakeBatch
/** By code. */
let allowed: Record<string, number>
let images: string[]
beforeEach(() => {
  batch = fakeBatch()
  batch.environments = [environment('SPOT'), environment('EC2')]
  batch.definitions = [definition(1, 'gone:old'), definition(2, IMAGE)]
  allowed = { 'L-3819A6DF': 64, 'L-DB2E81BA': 64 }
  images = ['0123456789abcdef']
})

const quotas: ServiceQuotas = {
  async getServiceQuota({ QuotaCode }) {
    const Value = allowed[QuotaCode!]
    if (Value === undefined) throw new NoSuchResourceException({ message: '', $metadata: {} })
    return { Quota: { Value } }
  },
}
const ecr: Ecr = {
  async describeRepositories() {
    return {}
  },
  async describeImages({ imageIds = [] }) {
    if (!images.includes(imageIds[0]!.imageTag!))
      throw new ImageNotFoundException({ message: '', $metadata: {} })
    return { imageDetails: [{}] }
  },
}

const problems = async (): Promise<readonly Finding[]> => {
  const services = { batch: async () => batch, ecr: async () => ecr, serviceQuotas: async () => quotas }
  return (await examine(deployed, services, NOW)).filter(({ fix }) => fix !== undefined)
}

describe('doctor', () => {
  test('finds nothing wrong with what is well', async () => {
    expect(await problems()).toEqual([])
  })

  test('says how to open a queue that takes no jobs', async () => {
    const { describeJobQueues } = batch
    batch.describeJobQueues = async (request) => {
      const { jobQueues = [] } = await describeJobQueues.call(batch, request)
      return { jobQueues: [{ ...jobQueues[0]!, state: 'DISABLED' }, ...jobQueues.slice(1)] }
    }
    expect(await problems()).toEqual([
      {
        what: expect.stringContaining('job queue trellis-t4 takes no jobs'),
        fix: 'aws batch update-job-queue --state ENABLED --job-queue trellis-t4',
      },
    ])
  })

  test('compares the quota of each way to rent with what the deployment may ask for', async () => {
    allowed = { 'L-3819A6DF': 8 }
    expect(await problems()).toEqual([
      {
        what: 'quota L-3819A6DF, G and VT spot: 8 vCPUs at once, the deployment may ask for 64',
        fix: expect.stringMatching(/--quota-code L-3819A6DF --desired-value 64, or let fewer/),
      },
      {
        what: 'quota L-DB2E81BA, G and VT on demand: 0 vCPUs at once, the deployment may ask for 64',
        fix: expect.stringMatching(/--quota-code L-DB2E81BA --desired-value 64$/),
      },
    ])
  })

  test.each([
    ['p5.4xlarge', 'L-C4BD4855'],
    ['p4d.24xlarge', 'L-7212CCBC'],
    ['c7i.xlarge', 'L-34B43A08'],
    ['g6.xlarge', 'L-3819A6DF'],
  ])('knows the spot quota of %s', async (instance, code) => {
    allowed = {}
    batch.environments = [
      environment('SPOT', {
        computeResources: { type: 'SPOT', maxvCpus: 4, instanceTypes: [instance], subnets: [] },
      }),
    ]
    expect((await problems())[0]!.what).toContain(code)
  })

  test('tells of an environment that is invalid or switched off', async () => {
    batch.environments = [
      environment('SPOT', { status: 'INVALID', statusReason: 'CLIENT_ERROR - role is gone' }),
      environment('EC2', { state: 'DISABLED' }),
    ]
    expect(await problems()).toMatchObject([
      { what: expect.stringContaining('invalid: CLIENT_ERROR - role is gone') },
      { fix: expect.stringContaining('--state ENABLED --compute-environment t4-EC2') },
    ])
  })

  test('looks for the image of the latest definition', async () => {
    images = []
    expect(await problems()).toMatchObject([
      { what: `image ${IMAGE} is not in the registry`, fix: expect.stringContaining('deploy') },
    ])
  })

  test.each([
    [
      'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity',
      'another card or region',
    ],
    ['MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE max is 4', 'raise maxCards'],
    ['MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - no instance', 'no machine is large enough'],
    ['', 'quota of 0'],
  ])('says why jobs wait, over pages and queues: %s', async (statusReason, fix) => {
    const waiting = { statusReason, createdAt: NOW - 90 * MINUTE }
    batch.jobs.push(
      aJob('a', 'RUNNABLE', 'r', waiting),
      aJob('b', 'RUNNABLE', 'r', waiting),
      aJob('c', 'RUNNABLE', 'r', waiting),
      aJob('d', 'RUNNABLE', 'r', { ...waiting, jobQueue: t4.OnDemandQueue }),
      aJob('e', 'RUNNING', 'r', waiting),
    )
    const [problem] = await problems()
    expect(problem!.what).toContain('4 jobs in RUNNABLE for up to 1 h 30 min')
    expect(problem!.fix).toContain(fix)
  })

  test('gives a machine a quarter of an hour to start', async () => {
    batch.jobs.push(aJob('a', 'RUNNABLE', 'r', { createdAt: NOW - 10 * MINUTE }))
    expect(await problems()).toEqual([])
  })

  test('goes on where one question is not allowed', async () => {
    batch.listJobs = async () => {
      throw new BatchServiceException({
        name: 'AccessDeniedException',
        message: 'not authorized to perform: batch:ListJobs',
        $fault: 'client',
        $metadata: {},
      })
    }
    images = []
    expect((await problems()).map(({ what }) => what)).toEqual([
      expect.stringContaining('is not in the registry'),
      expect.stringContaining('batch:ListJobs'),
    ])
  })

  test('wants prices of the region of the deployment that are not old', () => {
    const at = Date.parse(builtInPrices.date)
    expect(checkPrices(builtInPrices, 'us-east-1', at + 30 * 24 * 60 * MINUTE).fix).toBeUndefined()
    expect(checkPrices(builtInPrices, 'us-east-1', at + 100 * 24 * 60 * MINUTE).fix).toContain(
      'prices refresh',
    )
    expect(checkPrices(builtInPrices, 'eu-west-1', at).fix).toContain('AWS_REGION=eu-west-1')
  })

  test('prints what is well in a line, and what is wrong in two', () => {
    expect(findingsInWords([{ what: 'x' }, { what: 'y', fix: 'z' }])).toBe(
      'ok       x\nproblem  y\n  fix:   z',
    )
  })
})
