import { Duration } from 'aws-cdk-lib'
import type { JobQueue } from 'aws-cdk-lib/aws-batch'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import { Construct } from 'constructs'
import { lambdaOf, METRICS } from '../functions.ts'
import { everywhere, explainWildcard } from '../policies.ts'

export interface QueueDepthProps {
  readonly queues: readonly JobQueue[]
  readonly code: string
  readonly name: string
  readonly logGroup: ILogGroup
}

const PERIOD = Duration.minutes(5)

/** Counts the jobs of each queue every few minutes, as Batch publishes no such metric. */
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
      permissions: [everywhere('batch:ListJobs')],
    })
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    })
    explainWildcard(role, `${count.functionArn}:*`, 'CDK allows the versions of a function with the function')
    new Schedule(this, 'Every', {
      schedule: ScheduleExpression.rate(PERIOD),
      target: new LambdaInvoke(count, {
        role,
        input: ScheduleTargetInput.fromObject({ queues: props.queues.map((queue) => queue.jobQueueName) }),
      }),
    })
  }
}

/** Of a queue, as the function above writes them. */
export const jobsIn = (name: string, queue: JobQueue, metricName: 'WaitingJobs' | 'RunningJobs') =>
  new Metric({
    namespace: METRICS,
    metricName,
    dimensionsMap: { service: name, queue: queue.jobQueueName },
    statistic: 'Maximum',
    period: PERIOD,
  })
