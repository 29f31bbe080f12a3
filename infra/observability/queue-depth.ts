import { Duration } from 'aws-cdk-lib'
import type { JobQueue } from 'aws-cdk-lib/aws-batch'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import { Construct } from 'constructs'
import type { Card } from '../../nas/runs/prices.ts'
import { lambdaOf, METRICS } from '../functions.ts'
import { everywhere, explainWildcard } from '../policies.ts'
import type { Watched } from './watched.ts'

export interface QueueDepthProps {
  readonly batches: Watched['batches']
  readonly code: string
  /** Of the deployment. */
  readonly name: string
  readonly logGroup: ILogGroup
}

const PERIOD = Duration.minutes(5)

/** Counts the jobs of each queue and idle instances every few minutes, as Batch publishes no such metric. */
export class QueueDepth extends Construct {
  constructor(scope: Construct, id: string, props: QueueDepthProps) {
    super(scope, id)
    const { code, logGroup, name } = props
    const count = lambdaOf(this, 'QueueDepth', {
      code,
      logGroup,
      name: `${name}-queue-depth`,
      program: 'queue-depth',
      service: name,
      permissions: [everywhere('batch:ListJobs', 'ec2:DescribeInstances')],
    })
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    })
    explainWildcard(role, `${count.functionArn}:*`, 'CDK allows the versions of a function with the function')
    new Schedule(this, 'Every', {
      schedule: ScheduleExpression.rate(PERIOD),
      target: new LambdaInvoke(count, {
        role,
        input: ScheduleTargetInput.fromObject({
          deployment: name,
          cards: Object.fromEntries(
            props.batches.map(({ card, queues }) => [card, queues.map(({ jobQueueName }) => jobQueueName)]),
          ),
        }),
      }),
    })
  }
}

/** Of a queue, as the function above writes them. */
export const jobsIn = (name: string, queue: JobQueue, metricName: 'WaitingJobs' | 'RunningJobs') =>
  counted(name, metricName, { queue: queue.jobQueueName })

/** Instances with a card, while no job runs on any. */
export const idleInstancesWith = (name: string, card: Card) => counted(name, 'IdleInstances', { card })

const counted = (service: string, metricName: string, of: Readonly<Record<string, string>>) =>
  new Metric({
    namespace: METRICS,
    metricName,
    dimensionsMap: { service, ...of },
    statistic: 'Maximum',
    period: PERIOD,
  })
