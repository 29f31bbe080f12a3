import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { ComputeEnvironmentDetail, JobDetail, SubmitJobRequest } from '@aws-sdk/client-batch'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { smokeTests } from '../../../cli/aws/doctor/smoke.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { emptyFolder } from '../trellis.ts'
import { deployed, type FakeBatch, fakeBatch } from './fake-cloud.ts'

const JOB = fileURLToPath(new URL('../../../dist/job.js', import.meta.url))

const environment = (type: 'SPOT' | 'EC2'): ComputeEnvironmentDetail => ({
  computeEnvironmentName: `t4-${type}`,
  computeEnvironmentArn: `arn:aws:batch:eu-west-1:123456789012:compute-environment/t4-${type}`,
  computeResources: { type, maxvCpus: 64, subnets: [] },
})

/** The metadata of an instance, on loopback. */
async function metadata(): Promise<string> {
  const answers: Readonly<Record<string, string>> = {
    '/latest/api/token': 't',
    '/latest/meta-data/instance-type': 'g4dn.xlarge',
  }
  const server = createServer(({ url }, reply) => {
    const answer = answers[url!]
    reply.writeHead(answer === undefined ? 404 : 200).end(answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

let batch: FakeBatch
let folder: string
let submitted: SubmitJobRequest[]
/** What a job definition, Batch and the instance put into the environment of a job. */
let machine: Record<string, string>
let printed: string

/** Runs jobs in processes, as the container does. */
const run = async (request: SubmitJobRequest): Promise<{ jobId: string; jobName: string }> => {
  submitted.push(request)
  const overrides = request.containerOverrides!.environment!.map(({ name, value }) => [name, value])
  const job: JobDetail = {
    jobId: 'j',
    jobName: 'n',
    jobQueue: request.jobQueue,
    jobDefinition: '',
    startedAt: 0,
    status: 'RUNNING',
    container: { logStreamName: 'train/default/0' },
  }
  batch.jobs.push(job)
  const child = spawn(process.execPath, [JOB], {
    env: { ...machine, AWS_BATCH_JOB_ID: 'j', AWS_BATCH_JOB_ATTEMPT: '1', ...Object.fromEntries(overrides) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      printed += text
    })
  child.on('close', (code) => {
    job.status = code === 0 ? 'SUCCEEDED' : 'FAILED'
  })
  return { jobId: 'j', jobName: 'n' }
}

beforeEach(async () => {
  batch = fakeBatch()
  batch.submitJob = run
  batch.environments = [environment('SPOT'), environment('EC2')]
  folder = emptyFolder()
  submitted = []
  printed = ''
  machine = {
    TRELLIS_STORE: folder,
    AWS_REGION: 'eu-west-1',
    AWS_BATCH_JQ_NAME: 'trellis-t4',
    AWS_BATCH_CE_NAME: 't4-SPOT',
    TRELLIS_SPOT_ENVIRONMENT: 't4-SPOT',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: await metadata(),
  }
})

const findings = (pause = () => new Promise((resolve) => setTimeout(resolve, 50))) =>
  smokeTests(
    {
      deployed,
      services: {
        batch: async () => batch,
        logs: async () => ({
          getLogEvents: async () => ({
            events: printed
              .trim()
              .split('\n')
              .map((message) => ({ message })),
            $metadata: {},
          }),
        }),
      },
    },
    pause,
  )

test('a job on each card tries all that jobs need, and leaves nothing', async () => {
  expect(await findings()).toEqual([
    { what: expect.stringMatching(/^t4: .* is read and written$/) },
    { what: 't4: onnxruntime computes on the CPU' },
    { what: 't4: the metadata service answers: g4dn.xlarge' },
    { what: 't4: attempts in t4-SPOT are charged as spot ones' },
    { what: 't4: region eu-west-1' },
  ])
  expect(submitted).toMatchObject([
    {
      jobDefinition: 'trellis-t4-dpc-proxy-task',
      jobQueue: deployed.cards.t4!.Queue,
      retryStrategy: { attempts: 1 },
    },
  ])
  const left: string[] = []
  for await (const key of folderStore(folder).list('')) left.push(key)
  expect(left).toEqual([])
})

test('what is wrong is told with what to do, whatever else is', async () => {
  // As where a definition has the ARN of an environment, or the instance allows no hop to its metadata.
  const { AWS_REGION: _, ...others } = machine
  machine = {
    ...others,
    TRELLIS_DEVICE: 'cuda',
    TRELLIS_SPOT_ENVIRONMENT: 'arn:aws:batch:eu-west-1:123456789012:compute-environment/t4-SPOT',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1',
  }
  const problems = (await findings()).filter(({ fix }) => fix !== undefined)
  expect(problems.map(({ what }) => what)).toEqual([
    expect.stringMatching(/^t4: engine onnxruntime: CUDA cannot be used here/),
    't4: the metadata service does not answer, so that no spot notice is seen',
    't4: attempts in t4-SPOT are charged as on-demand ones, and it is of type SPOT',
    't4: AWS_REGION is not set',
  ])
})

test('a job that does not start is ended, and so is the wait', async () => {
  batch.submitJob = async () => ({ jobId: 'j', jobName: 'n' })
  expect(await findings(async () => {})).toEqual([
    { what: 't4: job j has not ended within 20 minutes', fix: expect.stringContaining('doctor') },
  ])
  expect(batch.terminated).toEqual(['j'])
})
