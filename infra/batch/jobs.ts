import { Duration, Size, Tags } from 'aws-cdk-lib'
import { EcsEc2ContainerDefinition, EcsJobDefinition, LinuxParameters } from 'aws-cdk-lib/aws-batch'
import { type ContainerImage, LogDriver } from 'aws-cdk-lib/aws-ecs'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { processEnvironment } from '../../nas/runs/job.ts'
import type { Card, Offer } from '../../nas/runs/prices.ts'
import { type JobName, jobs } from '../../pipelines/names.ts'
import { grantAccess, JOB_ACCESS } from '../access.ts'
import { explainWithoutResource } from '../policies.ts'
import { MAX_ATTEMPTS, retryStrategies } from './retry.ts'

/** Of one attempt; it goes on from its checkpoint in the next, unless it is this that ends it. */
const TIMEOUTS: Readonly<Record<JobName, Duration>> = {
  Pretrain: Duration.hours(24),
  Features: Duration.hours(24),
  ProxyTask: Duration.hours(24),
  Train: Duration.hours(72),
  Survey: Duration.hours(24),
  Latency: Duration.hours(6),
  // The search of the DenseNAS paper held four cards for 23 hours; a job has one.
  Supernet: Duration.hours(144),
  Classifier: Duration.hours(72),
}

/** What is left of an instance's memory to its jobs: the rest is the system's and the agent's. */
const FOR_JOBS = 0.85

export interface JobsProps {
  readonly card: Card
  readonly offer: Offer
  readonly image: ContainerImage
  readonly bucket: IBucket
  readonly logGroup: ILogGroup
  /** Name of the environment that rents spot instances, if there is one: by it jobs tell what they cost. */
  readonly spotEnvironment: string | undefined
  /** Begins the physical names. */
  readonly name: string
}

/** A job definition for each kind of job, one card each. */
export class Jobs extends Construct {
  readonly definitions: Readonly<Record<JobName, EcsJobDefinition>>
  /** Physical, and so known before the definition is. */
  readonly nameOf: (job: JobName) => string

  constructor(scope: Construct, id: string, props: JobsProps) {
    super(scope, id)
    this.nameOf = (job) => `${props.name}-${jobs[job]}`
    const definitions = Object.keys(jobs).map((job) => [job, this.definition(job as JobName, props)] as const)
    this.definitions = Object.fromEntries(definitions) as Record<JobName, EcsJobDefinition>
  }

  private definition(job: JobName, props: JobsProps): EcsJobDefinition {
    const { card, offer, image, bucket, logGroup, spotEnvironment } = props
    const jobRole = new Role(this, `${job}Role`, {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: `Trellis ${jobs[job]} jobs`,
    })
    grantAccess(bucket, jobRole, JOB_ACCESS[job])
    const cpu = Math.floor(offer.vcpus / offer.cards)
    const definition = new EcsJobDefinition(this, job, {
      jobDefinitionName: this.nameOf(job),
      container: new EcsEc2ContainerDefinition(this, `${job}Container`, {
        image,
        cpu,
        memory: Size.mebibytes(Math.floor((offer.ramGiB / offer.cards) * 1024 * FOR_JOBS)),
        ...(card === 'cpu' ? {} : { gpu: 1 }),
        jobRole,
        environment: {
          TRELLIS_JOB: jobs[job],
          TRELLIS_STORE: `s3://${bucket.bucketName}`,
          ...processEnvironment(cpu),
          ...(spotEnvironment !== undefined && { TRELLIS_SPOT_ENVIRONMENT: spotEnvironment }),
        },
        linuxParameters: new LinuxParameters(this, `${job}Linux`, {
          // The kernel keeps from process 1 each signal that it has no handler for: a job told to stop while it loads would go
          // on until it is killed. Behind an init process it ends at once, and is tried again.
          initProcessEnabled: true,
        }),
        logging: LogDriver.awsLogs({ logGroup, streamPrefix: jobs[job] }),
      }),
      retryAttempts: MAX_ATTEMPTS,
      retryStrategies: retryStrategies(),
      timeout: TIMEOUTS[job],
      propagateTags: true,
      // An execution that began before an update goes on with the revision it began with.
      skipDeregisterOnUpdate: true,
    })
    explainWithoutResource(definition.container.executionRole, 'ecr:GetAuthorizationToken')
    Tags.of(definition).add('trellis:job', jobs[job])
    return definition
  }
}
