import type { JobQueue } from 'aws-cdk-lib/aws-batch'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { lambdaOf } from './functions.ts'

export interface CloseQueuesProps {
  readonly queues: readonly JobQueue[]
  /** Tells that the budget is spent. */
  readonly topic: ITopic
  readonly code: string
  /** Of the deployment. */
  readonly name: string
  readonly logGroup: ILogGroup
}

/** Lets queues take no more jobs once the budget is spent: an action of AWS Budgets knows instances and policies, and no queues. */
export class CloseQueues extends Construct {
  constructor(scope: Construct, id: string, { queues, topic, code, name, logGroup }: CloseQueuesProps) {
    super(scope, id)
    const arns = queues.map(({ jobQueueArn }) => jobQueueArn)
    const close = lambdaOf(this, 'CloseQueues', {
      code,
      logGroup,
      name: `${name}-close-queues`,
      program: 'close-queues',
      service: name,
      environment: { TRELLIS_QUEUES: arns.join(',') },
      permissions: [{ actions: ['batch:UpdateJobQueue'], resources: arns }],
    })
    topic.addSubscription(new LambdaSubscription(close))
  }
}
