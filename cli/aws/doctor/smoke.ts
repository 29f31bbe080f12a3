import { randomUUID } from 'node:crypto'
import type { JobDetail } from '@aws-sdk/client-batch'
import { pipelines } from '../../../functions/index.ts'
import { engineOf } from '../../../nas/runs/images.ts'
import type { Card } from '../../../nas/runs/prices.ts'
import { SMOKE, type SmokeLine, smokeLineSchema } from '../../../nas/runs/smoke.ts'
import { trialRights } from '../../../pipelines/shared.ts'
import type { Cloud } from '../cloud.ts'
import type { Batch } from '../services/batch.ts'
import type { Finding } from './finding.ts'
import { environmentsOf } from './queues.ts'

type Deployment = Pick<Cloud, 'deployed'> & { readonly services: Pick<Cloud['services'], 'batch' | 'logs'> }

const POLL_MS = 10_000
/** A machine starts and pulls the image within minutes, where there is one to be had. */
const PATIENCE_MS = 20 * 60_000
/** Of the attempt, in seconds. */
const LONGEST = 600

/** Runs a job on each card, which tries all that jobs need of their machines. */
export async function smokeTests(
  cloud: Deployment,
  pause: (ms: number) => Promise<unknown>,
): Promise<readonly Finding[]> {
  const cards = Object.keys(cloud.deployed.cards) as Card[]
  const findings = await Promise.all(
    cards.map(async (card) =>
      (await smokeTest(cloud, card, pause)).map(({ what, ...fix }) => ({ what: `${card}: ${what}`, ...fix })),
    ),
  )
  return findings.flat()
}

async function smokeTest(
  { deployed, services }: Deployment,
  card: Card,
  pause: (ms: number) => Promise<unknown>,
): Promise<readonly Finding[]> {
  const batch = await services.batch()
  const queue = deployed.cards[card]!.Queue
  const { jobId } = await batch.submitJob({
    jobName: `trellis-${SMOKE}`,
    jobQueue: queue,
    jobDefinition: definitionOf(deployed.name, card),
    containerOverrides: {
      environment: Object.entries({
        TRELLIS_JOB: SMOKE,
        TRELLIS_RUN: `${SMOKE}-${randomUUID()}`,
        TRELLIS_INPUT: '{}',
        TRELLIS_ENGINE: engineOf(card),
      }).map(([name, value]) => ({ name, value })),
    },
    retryStrategy: { attempts: 1 },
    timeout: { attemptDurationSeconds: LONGEST },
  })
  const job = await ended(batch, jobId!, pause)
  if (job === undefined) {
    await batch.terminateJob({ jobId: jobId!, reason: 'trellis doctor --run has waited long enough' })
    const what = `job ${jobId} has not ended within ${PATIENCE_MS / 60_000} minutes`
    return [{ what, fix: 'what doctor says of jobs that wait and of quotas' }]
  }
  const lines = await linesOf(job, deployed.JobLogs, services)
  if (lines.length === 0)
    return [
      {
        what: `job ${jobId} has ended without a word: ${job.container?.reason ?? job.statusReason}`,
        fix: 'trellis deploy; if it stays so, see the job in the console of Batch',
      },
    ]
  const environments = await environmentsOf(batch, [queue])
  return lines.map((line) => checkCharge(line, environments))
}

/** Any that may do what jobs may that train. */
function definitionOf(deployment: string, card: Card): string {
  const [found] = pipelines.all().flatMap(([pipeline, { definition }]) =>
    Object.values(definition.jobs)
      .filter(({ writes }) => trialRights.writes.every((right) => writes.includes(right)))
      .map(({ kind }) => `${deployment}-${card}-${pipeline}-${kind}`),
  )
  return found!
}

async function ended(
  batch: Batch,
  jobId: string,
  pause: (ms: number) => Promise<unknown>,
): Promise<JobDetail | undefined> {
  for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
    const { jobs = [] } = await batch.describeJobs({ jobs: [jobId] })
    const [job] = jobs
    if (job?.status === 'SUCCEEDED' || job?.status === 'FAILED') return job
    await pause(POLL_MS)
  }
  return undefined
}

/** What it has printed, from CloudWatch, where the logs of all jobs go. */
async function linesOf(
  { container }: JobDetail,
  logGroupName: string,
  services: Pick<Cloud['services'], 'logs'>,
): Promise<readonly SmokeLine[]> {
  const logStreamName = container?.logStreamName
  if (logStreamName === undefined) return []
  const { events = [] } = await (await services.logs()).getLogEvents({
    logGroupName,
    logStreamName,
    startFromHead: true,
  })
  return events.flatMap(({ message = '' }) => {
    if (!message.startsWith('{')) return []
    const parsed = smokeLineSchema.safeParse(JSON.parse(message))
    return parsed.success ? [parsed.data] : []
  })
}

/** Whether the environment is what the job takes it for. */
function checkCharge(
  { charged, ...finding }: SmokeLine,
  environments: Awaited<ReturnType<typeof environmentsOf>>,
): Finding {
  const type = environments.find(
    ({ computeEnvironmentName }) => computeEnvironmentName === charged?.environment,
  )?.computeResources?.type
  if (charged === undefined || charged.spot === (type === 'SPOT')) return finding as Finding
  return {
    what: `${finding.what}, and it is of type ${type ?? 'unknown'}`,
    fix: 'trellis deploy; if it stays so, please report it: costs are not counted right',
  }
}
