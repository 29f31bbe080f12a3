import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import {
  type IComputeEnvironmentRef,
  JobQueue,
  type ManagedEc2EcsComputeEnvironment,
  JobStateTimeLimitActionsReason as Stuck,
} from 'aws-cdk-lib/aws-batch'
import { Construct } from 'constructs'
import { Environments, type EnvironmentsProps } from './environments.ts'
import { Jobs, type JobsProps } from './jobs.ts'

export type GpuBatchProps = EnvironmentsProps &
  Omit<JobsProps, 'spotEnvironment'> & {
    /** Whether jobs that used up their attempts on spot instances go to a queue of on-demand ones alone. */
    readonly fallback: boolean
  }

/** How long a job may wait at the head of its queue for a reason that Batch knows; it ends with that reason. */
const WAIT_LIMITS: readonly (readonly [Stuck, Duration])[] = [
  [Stuck.INSUFFICIENT_INSTANCE_CAPACITY, Duration.hours(12)],
  [Stuck.COMPUTE_ENVIRONMENT_MAX_RESOURCE, Duration.minutes(30)],
  [Stuck.JOB_RESOURCE_REQUIREMENT, Duration.minutes(30)],
]

/** All that runs the jobs of one kind of card. */
export class GpuBatch extends Construct {
  /** Spot instances first, and on-demand ones where those are all taken; or on-demand ones alone. */
  readonly queue: JobQueue
  readonly onDemandQueue: JobQueue | undefined
  readonly jobs: Jobs

  constructor(scope: Construct, id: string, props: GpuBatchProps) {
    super(scope, id)
    const { spot, onDemand } = new Environments(this, 'Environments', props)
    const environments = [spot, onDemand].filter((each) => each !== undefined)
    this.queue = this.queueOf('Queue', props.name, environments)
    this.onDemandQueue =
      spot && onDemand && props.fallback
        ? this.queueOf('OnDemandQueue', `${props.name}-on-demand`, [onDemand])
        : undefined
    this.jobs = new Jobs(this, 'Jobs', { ...props, spotEnvironment: spot && nameOf(spot) })
  }

  private queueOf(
    id: string,
    jobQueueName: string,
    environments: readonly IComputeEnvironmentRef[],
  ): JobQueue {
    return new JobQueue(this, id, {
      jobQueueName,
      computeEnvironments: environments.map((computeEnvironment, order) => ({ computeEnvironment, order })),
      jobStateTimeLimitActions: WAIT_LIMITS.map(([reason, maxTime]) => ({ reason, maxTime })),
    })
  }
}

/** As AWS_BATCH_CE_NAME has it. Ref, which CDK takes for the name, is the ARN: `arn:…:compute-environment/<name>`. */
const nameOf = (environment: ManagedEc2EcsComputeEnvironment): string =>
  Stack.of(environment).splitArn(environment.computeEnvironmentArn, ArnFormat.SLASH_RESOURCE_NAME)
    .resourceName!
