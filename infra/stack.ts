import { Fn, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { type Card, offerOf } from '../nas/runs/prices.ts'
import { GpuBatch } from './batch/gpu-batch.ts'
import { Instances } from './batch/instances.ts'
import { JobRoles } from './batch/job-roles.ts'
import { CloseQueues } from './close-queues.ts'
import type { Deployment } from './config.ts'
import { Functions } from './functions.ts'
import { Machines } from './machines/machines.ts'
import { machineName } from './machines/names.ts'
import { Money } from './money.ts'
import { Network } from './network.ts'
import { Alarms } from './observability/alarms.ts'
import { Overview } from './observability/dashboard.ts'
import { QueueDepth } from './observability/queue-depth.ts'
import type { Watched } from './observability/watched.ts'
import type { CardOutputs } from './outputs.ts'
import { Schedules } from './schedule.ts'
import { Storage } from './storage.ts'
import { tell } from './tell.ts'

export interface TrellisStackProps {
  readonly deployment: Deployment
  /** Folder with a bundle for each program of the functions. */
  readonly functions: string
  readonly image: (card: Card) => ContainerImage
}

/** What the kinds of cards share. */
interface Shared {
  readonly bucket: IBucket
  readonly functions: Functions
  readonly network: Network
  readonly instances: Instances
  readonly logGroup: ILogGroup
  readonly executionLog: ILogGroup
  readonly roles: JobRoles
}

/** All that runs on one kind of card. */
interface Profile {
  readonly card: Card
  readonly batch: GpuBatch
  readonly machines: Machines['ofPipelines']
}

/** All of Trellis in one account and region. */
export class TrellisStack extends Stack {
  private readonly zones: number

  constructor(scope: Construct, { deployment, functions: code, image }: TrellisStackProps) {
    super(scope, deployment.name, {
      description: 'Trellis: neural architecture search',
      // CloudFormation takes a million bytes.
      suppressTemplateIndentation: true,
    })
    this.zones = deployment.zones
    const { name, cards, zones, keepDays, search } = deployment
    const logDays = keepDays.logs

    const { alarms, spent } = new Money(this, 'Money', deployment)
    const { bucket, logs } = new Storage(this, 'Storage', deployment)
    const network = new Network(this, 'Network', { logs, zones })
    const instances = new Instances(this, 'Instances')
    const log = (id: string, logGroupName: string) =>
      new LogGroup(this, id, { logGroupName, retention: logDays, removalPolicy: RemovalPolicy.DESTROY })
    const logGroup = log('JobLog', `/${name}/jobs`)
    const functionLog = log('FunctionLog', `/${name}/functions`)
    // Under this prefix, log groups do not use up the policy by which services may write logs.
    const executionLog = log('ExecutionLog', `/aws/vendedlogs/states/${name}`)
    const functions = new Functions(this, 'Functions', { bucket, code, name, logGroup: functionLog })
    const roles = new JobRoles(this, 'Jobs', { bucket })
    const shared = { bucket, functions, network, instances, logGroup, executionLog, roles }
    const profiles = cards.map((card) => this.profile(card, image(card), deployment, shared))

    const schedules = new Schedules(this, 'Schedules', { ...deployment, profiles })
    const watched = watchedOf(name, functions, profiles)
    const queues = watched.batches.flatMap((each) => each.queues)
    new QueueDepth(this, 'QueueDepth', { ...watched, code, logGroup: functionLog })
    if (spent)
      new CloseQueues(this, 'CloseQueues', { queues, topic: spent, code, name, logGroup: functionLog })
    new Alarms(this, 'Alarms', { ...watched, topic: alarms })
    const { dashboard } = new Overview(this, 'Overview', watched)

    tell(this, {
      Bucket: bucket.bucketName,
      JobLogs: logGroup.logGroupName,
      Dashboard: dashboard.dashboardName,
      Alarms: alarms.topicArn,
      ScheduleGroup: schedules.group.scheduleGroupName,
      ScheduleRole: schedules.role.roleArn,
      SearchSize: search,
      MaxCards: deployment.maxCards,
      cards: Object.fromEntries(profiles.map((profile) => [profile.card, outputsOf(profile)])),
    })
  }

  private profile(
    card: Card,
    image: ContainerImage,
    { name: deployment, allowRetired, spot, maxCards, maxOnDemand, onDemandAfter }: Deployment,
    { functions, executionLog, ...shared }: Shared,
  ): Profile {
    const name = `${deployment}-${card}`
    const batch = new GpuBatch(this, `Batch-${card}`, {
      name,
      card,
      offer: offerOf(card, allowRetired),
      spot,
      maxCards,
      maxOnDemand,
      fallback: onDemandAfter !== undefined,
      ...shared,
      image,
    })
    const { ofPipelines } = new Machines(this, `Machines-${card}`, {
      name,
      functions,
      batch,
      bucket: shared.bucket,
      onDemandAfter: batch.onDemandQueue && onDemandAfter,
      executionLog,
    })
    return { card, batch, machines: ofPipelines }
  }

  /** Those of the region, known when the stack is deployed. */
  override get availabilityZones(): string[] {
    return Array.from({ length: this.zones }, (_, i) => Fn.select(i, Fn.getAzs()))
  }
}

const watchedOf = (name: string, functions: Functions, profiles: readonly Profile[]): Watched => ({
  name,
  functions,
  batches: profiles.map(({ card, batch }) => ({
    card,
    queues: batch.onDemandQueue ? [batch.queue, batch.onDemandQueue] : [batch.queue],
  })),
  machines: profiles.flatMap(({ card, machines }) =>
    Object.entries(machines).flatMap(([pipeline, all]) =>
      Object.entries(all).map(([each, machine]) => ({ card, name: machineName(pipeline, each), machine })),
    ),
  ),
})

const outputsOf = ({ batch, machines }: Profile): CardOutputs => ({
  Queue: batch.queue.jobQueueArn,
  OnDemandQueue: batch.onDemandQueue?.jobQueueArn,
  machines: Object.fromEntries(
    Object.entries(machines).map(([pipeline, all]) => [
      pipeline,
      Object.fromEntries(Object.entries(all).map(([name, { stateMachineArn }]) => [name, stateMachineArn])),
    ]),
  ),
})
