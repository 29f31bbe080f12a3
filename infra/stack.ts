import { Fn, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { type Card, offerOf } from '../nas/runs/prices.ts'
import { GpuBatch } from './batch/gpu-batch.ts'
import type { Deployment } from './config.ts'
import { Functions } from './functions.ts'
import { Machines } from './machines/machines.ts'
import { namesOf } from './machines/names.ts'
import { Money } from './money.ts'
import { Network } from './network.ts'
import { Alarms } from './observability/alarms.ts'
import { Overview } from './observability/dashboard.ts'
import { QueueDepth } from './observability/queue-depth.ts'
import { Schedules } from './schedule.ts'
import { Storage } from './storage.ts'
import { tell } from './tell.ts'

export interface TrellisStackProps {
  readonly deployment: Deployment
  /** Folder with a bundle for each function. */
  readonly functions: string
  readonly image: (card: Card) => ContainerImage
}

/** All of Trellis in one account and region. */
export class TrellisStack extends Stack {
  private readonly zones: number

  constructor(scope: Construct, { deployment, functions: code, image }: TrellisStackProps) {
    super(scope, deployment.name, { description: 'Trellis: neural architecture search' })
    this.zones = deployment.zones
    const { name, keepDays, spot, maxCards, onDemandAfter } = deployment
    const logDays = keepDays.logs

    const { alarms } = new Money(this, 'Money', deployment)
    const { bucket, logs } = new Storage(this, 'Storage', deployment)
    const network = new Network(this, 'Network', { logs, zones: deployment.zones })
    const functions = new Functions(this, 'Functions', { bucket, code, name, logDays }).byName
    const logGroup = new LogGroup(this, 'JobLog', {
      logGroupName: `/${name}/jobs`,
      retention: logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })

    const profiles = deployment.cards.map((card) => {
      const profile = `${name}-${card}`
      const batch = new GpuBatch(this, `Batch-${card}`, {
        name: profile,
        card,
        offer: offerOf(card, deployment.allowRetired),
        spot,
        maxCards,
        fallback: onDemandAfter !== undefined,
        network,
        bucket,
        logGroup,
        image: image(card),
      })
      const { machines } = new Machines(this, `Machines-${card}`, {
        name: profile,
        names: namesOf(this, { functions, batch, bucket }),
        onDemandAfter: batch.onDemandQueue && onDemandAfter,
        logDays,
      })
      return { card, batch, machines }
    })

    const schedules = new Schedules(this, 'Schedules', {
      ...deployment,
      editions: new Map(profiles.map(({ card, machines }) => [card, machines.edition])),
    })
    const batches = profiles.map(({ card, batch }) => ({ card, queue: batch.queue }))
    const watched = {
      name,
      functions,
      batches,
      machines: profiles.flatMap(({ card, machines }) =>
        Object.entries(machines).map(([pipeline, machine]) => ({ card, pipeline, machine })),
      ),
    }
    new QueueDepth(this, 'QueueDepth', { queues: batches.map(({ queue }) => queue), code, name, logDays })
    new Alarms(this, 'Alarms', { ...watched, topic: alarms })
    const { dashboard } = new Overview(this, 'Overview', watched)

    tell(this, {
      Bucket: bucket.bucketName,
      JobLogs: logGroup.logGroupName,
      Dashboard: dashboard.dashboardName,
      Alarms: alarms.topicArn,
      ScheduleGroup: schedules.group.scheduleGroupName,
      ScheduleRole: schedules.role.roleArn,
      cards: Object.fromEntries(
        profiles.map(({ card, batch, machines }) => [
          card,
          {
            Dpc: machines.dpc.stateMachineArn,
            DenseNas: machines.densenas.stateMachineArn,
            Rerank: machines.rerank.stateMachineArn,
            Edition: machines.edition.stateMachineArn,
            Queue: batch.queue.jobQueueArn,
            OnDemandQueue: batch.onDemandQueue?.jobQueueArn,
          },
        ]),
      ),
    })
  }

  /** Those of the region, known when the stack is deployed. */
  override get availabilityZones(): string[] {
    return Array.from({ length: this.zones }, (_, i) => Fn.select(i, Fn.getAzs()))
  }
}
